/**
 * Loads for whole servers: seeded loads ({@link io.varve.benchmarks.load.DevopsLoad}, {@code K8sLoad}), prepared as
 * remote-write requests in a file and replayed over HTTP.
 *
 * <p>Entry: {@link io.varve.benchmarks.load.RemoteWriteLoad}, which {@code benchmarks/compare} runs against Varve and
 * its peers. Imports nothing of the engine: what it sends, any server of remote write 1.0 understands. One thread for
 * each connection.
 */
@NullMarked
package io.varve.benchmarks.load;

import org.jspecify.annotations.NullMarked;
