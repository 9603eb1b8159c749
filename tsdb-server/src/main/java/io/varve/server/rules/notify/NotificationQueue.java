package io.varve.server.rules.notify;

import io.varve.core.model.Labels;
import io.varve.core.model.TimeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a receiver has not heard yet: the newest word on each alert, in the order in which they came. If there are too
 * many, the oldest goes. Safe for any number of threads.
 */
final class NotificationQueue {

    private final int capacity;
    private final TimeSource clock;
    private final Map<Labels, Notification> waiting = new LinkedHashMap<>();
    private boolean closed;

    NotificationQueue(int capacity, TimeSource clock) {
        this.capacity = capacity;
        this.clock = clock;
    }

    /** Adds notifications; returns how many others had to go. */
    synchronized int add(List<Notification> notifications) {
        int dropped = 0;
        for (Notification notification : notifications) {
            waiting.remove(notification.labels());
            waiting.put(notification.labels(), notification);
            if (waiting.size() > capacity) {
                Iterator<Labels> oldest = waiting.keySet().iterator();
                oldest.next();
                oldest.remove();
                dropped++;
            }
        }
        notifyAll();
        return dropped;
    }

    /** Takes up to so many, waiting until there is one; none once the queue is closed. */
    synchronized List<Notification> take(int most) throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        List<Notification> taken = new ArrayList<>();
        Iterator<Notification> first = waiting.values().iterator();
        while (first.hasNext() && taken.size() < most) {
            taken.add(first.next());
            first.remove();
        }
        return taken;
    }

    /** Puts back what could not be sent, unless there is newer word by now. */
    synchronized int putBack(List<Notification> notifications) {
        Map<Labels, Notification> newer = new LinkedHashMap<>(waiting);
        waiting.clear();
        notifications.forEach(notification -> waiting.put(notification.labels(), notification));
        waiting.keySet().removeAll(newer.keySet());
        return add(List.copyOf(newer.values()));
    }

    /** Waits before the next try, unless the queue is closed. */
    synchronized void pause(long millis) throws InterruptedException {
        long end = clock.nanoTime() + millis * 1_000_000;
        for (long left = millis; left > 0 && !closed; left = (end - clock.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
