/**
 * What samples are made of: labels, matchers, time ranges, resolutions, and where time comes from.
 *
 * <p>Entry: {@link io.varve.core.model.Labels}. May be imported by every room above the codec. Everything here is
 * immutable and safe to share between threads.
 */
@NullMarked
package io.varve.core.model;

import org.jspecify.annotations.NullMarked;
