/**
 * Prometheus remote write 1.0: snappy blocks of protobuf, decoded in one pass over the bytes; floats without objects,
 * native histograms and exemplars with the one that the store takes.
 *
 * <p>Entry: {@link io.varve.server.write.remote.RemoteWriteDecoder} for bytes. Imported by the process' entry and the
 * benchmarks. Runs in the HTTP threads; a decoder serves one request at a time. The format is that of the public
 * {@code prometheus.WriteRequest} message; docs/architecture.md tells the way of a sample.
 */
@NullMarked
package io.varve.server.write.remote;

import org.jspecify.annotations.NullMarked;
