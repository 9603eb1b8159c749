/**
 * What the machine's own time service says of its clock: chrony, NTP, systemd's timesyncd and PTP.
 *
 * <p>Entry: {@link io.varve.core.telemetry.clock.system.SystemClockReader}, which runs whichever command is there;
 * the parsers of their output are pure functions of text; {@link
 * io.varve.core.telemetry.clock.system.SystemClockGauges} shows it. May be imported by every room above the codec;
 * imports {@code core.model} and the kit. A read may take seconds and happens on the caller's thread; no thread is
 * started here.
 */
@NullMarked
package io.varve.core.telemetry.clock.system;

import org.jspecify.annotations.NullMarked;
