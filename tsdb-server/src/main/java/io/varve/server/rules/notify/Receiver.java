package io.varve.server.rules.notify;

import io.varve.server.relabel.Relabeling;
import java.net.URI;
import java.time.Duration;

/**
 * Where notifications go.
 *
 * @param format what it understands
 * @param uri address that takes them
 * @param timeout longest time an answer may take
 * @param relabeling what becomes of the labels of alerts before it hears of them
 */
public record Receiver(Format format, URI uri, Duration timeout, Relabeling relabeling) {

    /** What a receiver understands. */
    public enum Format {
        /** A list of alerts, as Alertmanager's API 2 takes them. */
        ALERTMANAGER,
        /** One object with its alerts, as Alertmanager sends them to webhooks (version 4). */
        WEBHOOK
    }
}
