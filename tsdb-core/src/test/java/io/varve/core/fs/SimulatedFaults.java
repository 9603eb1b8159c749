package io.varve.core.fs;

import io.varve.core.fs.SimulatedFileSystem.Fault;
import java.io.IOException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts the calls of a {@link SimulatedFileSystem} and decides which of them fail, and how. A call is named by what it
 * does and the path. Not safe for several threads; guarded by the lock of its file system.
 */
final class SimulatedFaults {

    private static final String IO_ERROR = "Input/output error";

    private long calls;
    private long faultAt = Long.MAX_VALUE;
    private boolean faultForGood;
    private Fault fault = Fault.IO_ERROR;
    private Predicate<String> refused = call -> false;
    private String refusal = "";
    private @Nullable PathFault pathFault;
    private @Nullable String dead;

    long calls() {
        return calls;
    }

    void failAt(long n, Fault kind, boolean forGood) {
        faultAt = calls + n;
        faultForGood = forGood;
        fault = kind;
    }

    void refuse(Predicate<String> some, String message) {
        refused = some;
        refusal = message;
    }

    void failAtNext(Predicate<String> some) {
        refuse(
                call -> {
                    boolean fails = some.test(call);
                    if (fails) {
                        refused = other -> false;
                    }
                    return fails;
                },
                IO_ERROR);
    }

    void failNoMore() {
        refused = call -> false;
        faultAt = Long.MAX_VALUE;
        faultForGood = false;
    }

    void setPathFault(@Nullable PathFault kind) {
        pathFault = kind;
    }

    /** The machine stops, unless it has; every call that is counted from now on throws. */
    void die(String how) {
        if (dead == null) {
            dead = how;
        }
    }

    /** Counts a call; true if it has to fail with an I/O error. Throws if the machine has stopped, or stops now. */
    boolean count(String call) throws IOException {
        stopIfDead();
        calls++;
        if (refused.test(call)) {
            throw new IOException(refusal);
        }
        if (calls == faultAt || (faultForGood && calls > faultAt)) {
            if (fault == Fault.CRASH) {
                die(call);
            }
            return true;
        }
        return false;
    }

    /** Counts a call that does all it should, or fails before it has done anything. */
    void call(String call) throws IOException {
        if (count(call)) {
            stopIfDead();
            throw new IOException(IO_ERROR + ": " + call);
        }
        PathFault kind = pathFault;
        if (kind != null && kind.hits(call)) {
            throw new IOException(kind.message() + ": " + call);
        }
    }

    void stopIfDead() {
        if (dead != null) {
            throw new SimulatedCrash(dead);
        }
    }
}
