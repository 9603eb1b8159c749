package io.varve.server.rules.notify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.varve.core.model.Labels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Notifications as their receivers read them. Stateless. */
final class NotificationJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private NotificationJson() {}

    static byte[] body(Receiver.Format format, List<Notification> notifications, String externalUrl) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            if (format == Receiver.Format.ALERTMANAGER) {
                alerts(json, notifications, false);
            } else {
                webhook(json, notifications, externalUrl);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write JSON: " + e.getMessage(), e);
        }
        return out.toByteArray();
    }

    private static void webhook(JsonGenerator json, List<Notification> notifications, String externalUrl)
            throws IOException {
        boolean fires = notifications.stream().anyMatch(notification -> !notification.resolved());
        json.writeStartObject();
        json.writeStringField("version", "4");
        json.writeStringField("groupKey", "{}");
        json.writeNumberField("truncatedAlerts", 0);
        json.writeStringField("status", fires ? "firing" : "resolved");
        json.writeStringField("receiver", "webhook");
        json.writeObjectFieldStart("groupLabels");
        json.writeEndObject();
        Map<String, String> labels = null;
        Map<String, String> annotations = null;
        for (Notification notification : notifications) {
            labels = common(labels, map(notification.labels()));
            annotations = common(annotations, notification.annotations());
        }
        texts(json, "commonLabels", labels == null ? Map.of() : labels);
        texts(json, "commonAnnotations", annotations == null ? Map.of() : annotations);
        json.writeStringField("externalURL", externalUrl);
        json.writeFieldName("alerts");
        alerts(json, notifications, true);
        json.writeEndObject();
    }

    private static Map<String, String> common(
            @org.jspecify.annotations.Nullable Map<String, String> before, Map<String, String> texts) {
        Map<String, String> common = new TreeMap<>(texts);
        if (before != null) {
            common.entrySet().retainAll(before.entrySet());
        }
        return common;
    }

    /** @param status whether each says whether it fires */
    private static void alerts(JsonGenerator json, List<Notification> notifications, boolean status)
            throws IOException {
        json.writeStartArray();
        for (Notification notification : notifications) {
            json.writeStartObject();
            if (status) {
                json.writeStringField("status", notification.resolved() ? "resolved" : "firing");
            }
            texts(json, "labels", map(notification.labels()));
            texts(json, "annotations", notification.annotations());
            json.writeStringField("startsAt", time(notification.startsAt()));
            boolean open = status && !notification.resolved();
            json.writeStringField("endsAt", open ? "0001-01-01T00:00:00Z" : time(notification.endsAt()));
            json.writeStringField("generatorURL", notification.generatorUrl());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static String time(Instant time) {
        return DateTimeFormatter.ISO_INSTANT.format(time);
    }

    private static Map<String, String> map(Labels labels) {
        Map<String, String> map = new TreeMap<>();
        for (int i = 0; i < labels.size(); i++) {
            map.put(labels.name(i), labels.value(i));
        }
        return map;
    }

    private static void texts(JsonGenerator json, String field, Map<String, String> texts) throws IOException {
        json.writeObjectFieldStart(field);
        for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
            json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
    }
}
