/**
 * PromQL and percentiles over any {@link io.varve.core.storage.Queryable}.
 *
 * <p>Entry: {@link io.varve.query.QueryEngine}. Imported by the server and by embedding applications. Sees
 * {@code core.model}, {@code core.storage} and {@code core.sketch} only. Evaluation runs in the calling thread.
 * The language is described in docs/query-language.md.
 */
@NullMarked
package io.varve.query;

import org.jspecify.annotations.NullMarked;
