/**
 * Prometheus' HTTP API as documented for 3.x, percentiles, the admin API, own metrics as text, health, and the page.
 *
 * <p>Entry: {@link io.varve.server.api.ApiRoutes}. Imported by {@code io.varve.server} alone; sees the store through
 * {@code core.storage} and the engine through the small interface {@link io.varve.server.api.QueryService}. Doors run
 * in the HTTP server's threads; a query is evaluated in the thread of its request.
 */
@NullMarked
package io.varve.server.api;

import org.jspecify.annotations.NullMarked;
