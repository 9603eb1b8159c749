/**
 * Asking targets over HTTP: the request, redirections, an answer that is bounded in time and bytes, decompression.
 *
 * <p>Entry: {@link io.varve.server.scrape.fetch.Fetcher}. Nothing waits here: an answer completes a future on a thread
 * of the HTTP client.
 */
@NullMarked
package io.varve.server.scrape.fetch;

import org.jspecify.annotations.NullMarked;
