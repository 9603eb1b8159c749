package io.varve.server;

/** The program. */
public final class VarveServer {

    private VarveServer() {}

    /** Starts what the command line asks for. */
    public static void main(String[] args) {
        System.out.println("varve");
    }
}
