package io.varve.core.index;

import org.roaringbitmap.buffer.ImmutableRoaringBitmap;

/** The values of one label name, which have numbers in no order that anybody may rely on. Any number of threads. */
public interface LabelValues {

    /** How many there are. */
    int size();

    /** The number of a value, or below zero if no series has it. */
    int find(String value);

    /** About how many begin with a prefix, at most {@link #size}; found without looking at them. */
    int count(String prefix);

    /** Visits the values that begin with a prefix; with an empty one all. */
    void forEach(String prefix, Visitor visitor);

    /** At most how many series have a value, by its number; found without reading which. */
    int weight(int number);

    /** The series that have a value, by its number; perhaps none, if they have gone. */
    ImmutableRoaringBitmap postings(int number);

    /** Takes one value after the other. */
    @FunctionalInterface
    interface Visitor {
        /** One value. */
        void value(int number, String text);
    }
}
