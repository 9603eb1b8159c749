/**
 * Queries under watch: which are being answered, what they have used so far, how to end one, and what is told of slow
 * ones.
 *
 * <p>Entry: {@link io.varve.server.queries.ActiveQueries}. Imported by the API and by rules, which register each
 * query, and by the process' entry. Called from HTTP threads and from whoever looks; nothing here blocks.
 */
@NullMarked
package io.varve.server.queries;

import org.jspecify.annotations.NullMarked;
