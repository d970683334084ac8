package dev.herald.testing;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Archive of the classes that a hub has loaded (class data sharing, JEP 350). A JVM that starts with it loads them in a
 * fraction of the time. It is valid for one JVM and one class path; another JVM ignores it.
 *
 * @param file may be missing; then a hub writes it at its end
 */
record ClassArchive(Path file) {
    /** Classes of the hub's own jars need no verification, which takes a tenth of a start. An archive has verified ones. */
    private static final List<String> UNVERIFIED = List.of(
            "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote");

    /** Archive for this JVM in a directory. */
    static ClassArchive in(Path directory) {
        String jvm = System.getProperty("java.vm.vendor") + "-" + System.getProperty("java.vm.version");
        return new ClassArchive(directory.resolve("classes-" + jvm.replaceAll("[^A-Za-z0-9.+-]", "_") + ".jsa"));
    }

    /** Options of the hub's JVM. */
    List<String> options() {
        if (Files.exists(file)) {
            return List.of("-XX:SharedArchiveFile=" + file);
        }
        return isWanted() ? List.of("-XX:+RecordDynamicDumpInfo") : UNVERIFIED;
    }

    /** Arguments of {@link HubMain}: the file, if it is to be written. */
    List<String> arguments() {
        return isWanted() ? List.of(file.toString()) : List.of();
    }

    /** A machine of CI is used once, and would never read it. */
    private boolean isWanted() {
        return !Files.exists(file) && System.getenv("CI") == null;
    }

    /** Writes the classes of this process to the file, which other processes see when it is complete. */
    void write() throws IOException {
        Path unfinished = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmCds",
                            new Object[] {new String[] {"dynamic_dump", unfinished.toString()}},
                            new String[] {String[].class.getName()});
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (JMException e) {
            throw new IOException("This JVM writes no archive of classes.", e);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }
}
