package io.varve.core.head;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the few series that have one, in pages that exist where a series of theirs has. Written by the agent,
 * which release-stores; read by any thread.
 */
final class SparseObjects<T> {

    private static final int PAGE_BITS = 8;
    private static final int PAGE = 1 << PAGE_BITS;

    private volatile AtomicReferenceArray<AtomicReferenceArray<T>> pages = new AtomicReferenceArray<>(0);
    private int used;

    @Nullable
    T get(int index) {
        AtomicReferenceArray<AtomicReferenceArray<T>> all = pages;
        int page = index >>> PAGE_BITS;
        AtomicReferenceArray<T> objects = page < all.length() ? all.getAcquire(page) : null;
        return objects == null ? null : objects.getAcquire(index & (PAGE - 1));
    }

    void set(int index, T object) {
        int page = index >>> PAGE_BITS;
        if (page >= pages.length()) {
            grow(Math.max(page + 1, 2 * pages.length()));
        }
        AtomicReferenceArray<T> objects = pages.getPlain(page);
        if (objects == null) {
            objects = new AtomicReferenceArray<>(PAGE);
            pages.setRelease(page, objects);
            used++;
        }
        objects.setRelease(index & (PAGE - 1), object);
    }

    private void grow(int length) {
        AtomicReferenceArray<AtomicReferenceArray<T>> old = pages;
        AtomicReferenceArray<AtomicReferenceArray<T>> more = new AtomicReferenceArray<>(length);
        for (int i = 0; i < old.length(); i++) {
            more.setPlain(i, old.getPlain(i));
        }
        pages = more;
    }

    /** Memory of the pages. */
    long bytes() {
        return 4L * pages.length() + (32L + 4 * PAGE) * used;
    }
}
