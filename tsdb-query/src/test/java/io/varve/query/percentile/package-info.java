@NullMarked
package io.varve.query.percentile;

import org.jspecify.annotations.NullMarked;
