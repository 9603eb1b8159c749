package io.varve.server.rules.notify;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import io.varve.server.relabel.Relabeling;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends notifications to all receivers, each by a thread and a queue of its own, so that one that is slow or away holds
 * up no other. What a receiver does not take for reasons that may pass is tried again, from half a second on up to half
 * a minute apart; what it refuses is given up.
 */
public final class Notifier implements AutoCloseable {

    /** Alerts that wait for a receiver at most. */
    public static final int QUEUE_CAPACITY = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private static final int BATCH = 256;
    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final int MAX_REASON = 200;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient client;
    private final NotifierMetrics metrics;
    private final TimeSource clock;
    private final ThreadFactory threads;
    private final Map<Receiver, Sender> senders = new LinkedHashMap<>();
    private final Pause pauses;
    private String externalUrl = "";

    /**
     * A notifier without receivers.
     *
     * @param threads makes a daemon thread for each receiver
     */
    public Notifier(NotifierMetrics metrics, TimeSource clock, ThreadFactory threads) {
        this(metrics, clock, threads, NotificationQueue::pause);
    }

    /** Waits before a receiver is asked again. */
    @FunctionalInterface
    interface Pause {
        void pause(NotificationQueue queue, long millis) throws InterruptedException;
    }

    Notifier(NotifierMetrics metrics, TimeSource clock, ThreadFactory threads, Pause pauses) {
        this.pauses = pauses;
        this.metrics = metrics;
        this.clock = clock;
        this.threads = threads;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    /**
     * Puts other receivers in force; those that are there already keep their queues.
     *
     * @param url where people reach this server
     */
    public synchronized void replace(List<Receiver> receivers, String url) {
        externalUrl = url;
        Set<Receiver> gone = new HashSet<>(senders.keySet());
        for (Receiver receiver : receivers) {
            gone.remove(receiver);
            senders.computeIfAbsent(receiver, this::start);
        }
        for (Receiver receiver : gone) {
            Sender sender = senders.remove(receiver);
            if (sender != null) {
                sender.queue.close();
            }
        }
    }

    private Sender start(Receiver receiver) {
        Sender sender = new Sender(receiver);
        threads.newThread(sender).start();
        return sender;
    }

    /** Takes notifications for all receivers. Never blocks. */
    public synchronized void accept(List<Notification> notifications) {
        for (Sender sender : senders.values()) {
            int dropped = sender.queue.add(relabelled(notifications, sender.receiver.relabeling()));
            if (dropped > 0) {
                metrics.dropped(sender.name, dropped);
            }
        }
    }

    /** Notifications as a receiver hears of them; those that relabelling drops, or leaves no label, are not there. */
    private static List<Notification> relabelled(List<Notification> notifications, Relabeling relabeling) {
        if (relabeling.isEmpty()) {
            return notifications;
        }
        List<Notification> heard = new ArrayList<>(notifications.size());
        for (Notification notification : notifications) {
            Labels labels = relabeling.apply(notification.labels());
            if (labels != null && labels.size() > 0) {
                heard.add(notification.with(labels));
            }
        }
        return heard;
    }

    /** Addresses of the receivers. */
    public synchronized List<Receiver> receivers() {
        return List.copyOf(senders.keySet());
    }

    /** Notifications that wait for the receiver for which most do. */
    public synchronized int waiting() {
        return senders.values().stream()
                .mapToInt(sender -> sender.queue.size())
                .max()
                .orElse(0);
    }

    private synchronized String externalUrl() {
        return externalUrl;
    }

    /** Ends; what could not be sent yet comes again behind a restart, since its alerts still fire. */
    @Override
    public void close() {
        List<Sender> all;
        synchronized (this) {
            all = new ArrayList<>(senders.values());
            senders.clear();
        }
        all.forEach(sender -> sender.queue.close());
    }

    /** Sends to one receiver. */
    private final class Sender implements Runnable {

        private final Receiver receiver;
        private final String name;
        private final NotificationQueue queue = new NotificationQueue(QUEUE_CAPACITY, clock);
        private boolean failing;

        private Sender(Receiver receiver) {
            this.receiver = receiver;
            this.name = receiver.uri().toString();
        }

        @Override
        public void run() {
            long pause = FIRST_PAUSE_MILLIS;
            try {
                while (!queue.isClosed()) {
                    List<Notification> batch = queue.take(BATCH);
                    if (batch.isEmpty()) {
                        continue;
                    }
                    if (send(batch)) {
                        pause = FIRST_PAUSE_MILLIS;
                    } else {
                        int dropped = queue.putBack(batch);
                        if (dropped > 0) {
                            metrics.dropped(name, dropped);
                        }
                        pauses.pause(queue, pause);
                        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Sends once; false if it is to be tried again. */
        private boolean send(List<Notification> batch) throws InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(receiver.uri())
                    .timeout(receiver.timeout())
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "Varve")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(
                            NotificationJson.body(receiver.format(), batch, externalUrl())))
                    .build();
            CompletableFuture<HttpResponse<String>> sent =
                    client.sendAsync(request, info -> new BoundedBody(MAX_REASON));
            try {
                HttpResponse<String> response = sent.get(2 * receiver.timeout().toMillis(), TimeUnit.MILLISECONDS);
                return answered(batch, response.statusCode(), response.body());
            } catch (ExecutionException e) {
                failed(String.valueOf(e.getCause()));
            } catch (TimeoutException e) {
                sent.cancel(true);
                failed("no whole answer within " + 2 * receiver.timeout().toMillis() + " ms");
            }
            return false;
        }

        /** What an answer means; false if the batch is to be sent again. */
        private boolean answered(List<Notification> batch, int status, String reason) {
            if (status / 100 == 2) {
                metrics.sent(name, batch.size());
                if (failing) {
                    failing = false;
                    LOG.info("receiver {} takes notifications again", name);
                }
                return true;
            }
            failed("status " + status + ": " + reason);
            boolean passes = status / 100 == 5 || status == 429 || status == 408;
            if (!passes) {
                metrics.dropped(name, batch.size());
            }
            return !passes;
        }

        private void failed(String reason) {
            metrics.failed(name);
            if (!failing) { // told once, until it works again
                failing = true;
                LOG.warn("receiver {} did not take notifications: {}", name, reason.replaceAll("\\p{Cntrl}", "?"));
            }
        }
    }
}
