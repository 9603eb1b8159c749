/**
 * Notifications of alerts: to Alertmanagers and to webhooks, each with a bounded queue of its own that keeps the newest
 * word on each alert. Entry: {@link io.varve.server.rules.notify.Notifier}.
 */
@NullMarked
package io.varve.server.rules.notify;

import org.jspecify.annotations.NullMarked;
