package io.varve.server.rules.notify;

/** What is counted of notifications. Safe for any number of threads. */
public interface NotifierMetrics {

    /** Notifications reached a receiver. */
    void sent(String receiver, int notifications);

    /** A receiver did not take notifications. */
    void failed(String receiver);

    /** Notifications were given up: the queue was full, or the receiver refused them. */
    void dropped(String receiver, int notifications);
}
