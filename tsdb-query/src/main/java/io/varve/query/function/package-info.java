/**
 * What functions and operators compute for single values, label sets and bucket lists.
 *
 * <p>Entry: {@link io.varve.query.function.ValueFunctions}. Imported by {@code query.exec}. Stateless.
 */
@NullMarked
package io.varve.query.function;

import org.jspecify.annotations.NullMarked;
