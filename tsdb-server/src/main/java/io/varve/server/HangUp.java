package io.varve.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process does when it is sent SIGHUP. The JDK's own handlers of signals are no public interface, so they are
 * looked for by name: where they are not, the signal ends the process as it always does, and this is told once.
 */
final class HangUp {

    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** Runs an action, on a thread of the JDK's, whenever the signal comes from now on. */
    static void does(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object proxy = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[] {handler}, (self, method, arguments) -> {
                        if (method.getDeclaringClass() == Object.class) {
                            return identity(self, method, arguments);
                        }
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), proxy);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            Throwable cause = e instanceof InvocationTargetException target ? target.getCause() : e;
            LOG.warn("SIGHUP does not reload the configuration here: {}", String.valueOf(cause));
        }
    }

    /** Handlers are compared by identity. */
    private static Object identity(Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments[0] == self;
            case "hashCode" -> System.identityHashCode(self);
            default -> "handler of SIGHUP";
        };
    }
}
