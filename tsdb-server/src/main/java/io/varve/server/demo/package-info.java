/**
 * The demo: metrics of the machine as a source of samples, and a console that shows what the store makes of them.
 *
 * <p>Entry: {@link io.varve.server.demo.MachineSource} and {@link io.varve.server.demo.DemoConsole}. Imported by the
 * process' entry alone. Runs on the scheduler that the entry hands in; the farewell runs in its shutdown hook.
 */
@NullMarked
package io.varve.server.demo;

import org.jspecify.annotations.NullMarked;
