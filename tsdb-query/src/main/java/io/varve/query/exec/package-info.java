/**
 * Evaluates trees: rows of values over steps flow from selectors through functions into groups and results.
 *
 * <p>Entry: {@link io.varve.query.exec.QueryRunner}. Imported by
 * {@code query} alone. All objects belong to one query and the thread that runs it.
 */
@NullMarked
package io.varve.query.exec;

import org.jspecify.annotations.NullMarked;
