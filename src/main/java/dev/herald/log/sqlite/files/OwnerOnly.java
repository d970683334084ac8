package dev.herald.log.sqlite.files;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

/**
 * Owner-only permissions of the log's files and directory. Private messages and the key of the cursors are in them, so
 * only the hub's user may read them, whatever the umask. SQLite gives the files that it makes beside a database the
 * permissions of the database. Without effect where a file system has no POSIX permissions. Stateless.
 */
public final class OwnerOnly {
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final String NAME = "herald";
    private static final int STICKY = 01000;
    private static final Logger LOG = Logger.getLogger(OwnerOnly.class);

    private OwnerOnly() {}

    /** Creates a missing directory; missing parents get the permissions that the umask leaves. */
    static void createDirectory(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null && Files.notExists(parent)) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(directory, attributes(directory, DIRECTORY));
        } catch (FileAlreadyExistsException another) {
            // Another process created it at the same time.
            tighten(directory);
        }
    }

    /** Creates an empty file, unless it exists. */
    public static void createFile(Path file) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        try {
            createNewFile(file);
        } catch (FileAlreadyExistsException another) {
            LOG.debugf("The file was made by another process. file=%s", file);
        }
    }

    /** @throws FileAlreadyExistsException if it exists */
    public static void createNewFile(Path file) throws IOException {
        Files.createFile(file, attributes(file, FILE));
    }

    /**
     * Removes the permissions of other users from the files of a log of an earlier version. Also from its directory,
     * unless that is public or has other files. Logs one WARN about files that the hub cannot change, such as those of
     * a volume that belongs to root.
     */
    static void tighten(Path directory) throws IOException {
        if (!hasPermissions(directory)) {
            return;
        }
        List<Path> unrestricted = new ArrayList<>();
        boolean shared = isPublic(directory);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                boolean ours = file.getFileName().toString().startsWith(NAME) && Files.isRegularFile(file);
                shared |= !ours && !file.endsWith("lost+found");
                if (ours && !restricted(file, FILE)) {
                    unrestricted.add(file);
                }
            }
        }
        boolean closed = shared ? DIRECTORY.containsAll(permissions(directory)) : restricted(directory, DIRECTORY);
        if (!closed) {
            unrestricted.add(directory);
        }
        if (!unrestricted.isEmpty()) {
            LOG.warnf(
                    "Other users of this machine have permissions on files of the log, and the hub does not"
                            + " change them:"
                            + " give the log a directory of its own that belongs to the hub's user. paths=%s",
                    unrestricted);
        }
    }

    /** A public directory, such as /tmp, is never restricted, even if the hub may. */
    private static boolean isPublic(Path directory) throws IOException {
        return ((int) Files.getAttribute(directory, "unix:mode") & STICKY) != 0;
    }

    private static boolean restricted(Path path, Set<PosixFilePermission> allowed) {
        try {
            Set<PosixFilePermission> found = permissions(path);
            if (!allowed.containsAll(found)) {
                Set<PosixFilePermission> restricted = EnumSet.copyOf(allowed);
                restricted.retainAll(found);
                Files.setPosixFilePermissions(path, restricted);
            }
            return true;
        } catch (IOException e) {
            LOG.debugf(e, "The permissions cannot be changed. path=%s", path);
            return false;
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) throws IOException {
        return Files.getPosixFilePermissions(path);
    }

    private static boolean hasPermissions(Path path) {
        return Files.getFileAttributeView(path, PosixFileAttributeView.class, new LinkOption[0]) != null;
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) {
        return hasPermissions(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }
}
