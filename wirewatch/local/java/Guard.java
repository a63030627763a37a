package wirewatch;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Runs another main class, alone in its folder and no longer than the process that started it.
 *
 * <p>Usage: {@code java wirewatch.Guard LOCK_FILE MAIN_CLASS ARGUMENTS...}
 *
 * <p>The parent holds the other end of standard input. However the parent dies, that end closes; this
 * JVM then shuts down in order, and halts if that takes too long. The lock file is locked for as long as
 * this JVM lives, so a second one never opens the same data (Kafka itself does not see to that).
 */
public final class Guard {
    private static final long LOCK_MILLIS = 10_000;
    private static final long SHUTDOWN_MILLIS = 5_000;
    private static final int FOLDER_HELD = 3;

    private static FileLock held;

    private Guard() {}

    public static void main(String[] args) throws Exception {
        held = lock(Path.of(args[0]));
        daemon("parent-watch", Guard::endWithParent);
        try {
            Class.forName(args[1])
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(args, 2, args.length));
        } catch (InvocationTargetException failure) {
            failure.getCause().printStackTrace();
            System.exit(1);
        }
    }

    /** A predecessor that is just going down keeps the lock for some seconds. */
    private static FileLock lock(Path file) throws IOException, InterruptedException {
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long deadline = System.currentTimeMillis() + LOCK_MILLIS;
        while (System.currentTimeMillis() < deadline) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            Thread.sleep(100);
        }
        System.err.println("another Java process still runs in " + file.toAbsolutePath().getParent());
        System.exit(FOLDER_HELD);
        throw new IllegalStateException();
    }

    private static void endWithParent() {
        try {
            while (System.in.read() >= 0) {}
        } catch (IOException closed) {
            // as good as the end of the stream
        }
        daemon("halt", Guard::haltLater);
        System.exit(0);
    }

    private static void haltLater() {
        try {
            Thread.sleep(SHUTDOWN_MILLIS);
        } catch (InterruptedException stop) {
            // halt at once
        }
        Runtime.getRuntime().halt(1);
    }

    private static void daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        thread.start();
    }
}
