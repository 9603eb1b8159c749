/**
 * What evaluation needs before it computes: the times of a query, its budget, the samples of a series as columns, and
 * which of them lie in which window.
 *
 * <p>Entry: {@link io.varve.query.plan.SampleReader}. Imported by {@code query} and {@code query.exec}. Objects belong
 * to one query and its thread, {@link io.varve.query.plan.QueryBudget}'s cancelling excepted.
 */
@NullMarked
package io.varve.query.plan;

import org.jspecify.annotations.NullMarked;
