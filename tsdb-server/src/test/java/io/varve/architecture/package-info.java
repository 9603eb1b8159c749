/**
 * The gates that no compiler holds: who may depend on whom, and the house rules for sources. They stand in this module
 * since it sees all others.
 */
@NullMarked
package io.varve.architecture;

import org.jspecify.annotations.NullMarked;
