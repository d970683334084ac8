package dev.herald.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.herald.Patience;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Root file system of the image that a Dockerfile describes, made by its own instructions, and containers that run on
 * it. In place of the base image are this machine's {@code /usr} and a JDK, where Temurin's image has it. Needs root
 * and util-linux, no container engine: a container is a process in a mount namespace of its own, with a changed root.
 */
final class ImageRoot {
    private static final String JAVA_HOME = "/opt/java/openjdk";
    private static final String PATH = JAVA_HOME + "/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** Instructions that describe containers and change no file. */
    private static final Set<String> DESCRIPTIONS =
            Set.of("FROM", "ARG", "LABEL", "ENV", "WORKDIR", "EXPOSE", "USER", "ENTRYPOINT");

    /** Makes the mounts of an image's root: the base image, and what engines mount into each container. */
    private static final String MOUNTS = """
            set -eu
            root=$1 jdk=$2; shift 2
            mount --bind "$root" "$root"
            mount --bind /usr "$root/usr"
            mount --bind "$jdk" "$root%s"
            mount --bind /proc "$root/proc"
            mount --bind /dev "$root/dev"
            """.formatted(JAVA_HOME);

    /** Runs a command as the image's user on a read-only root, with mounts "mode source target". */
    private static final String CONTAINER = MOUNTS + """
            while [ "$1" != -- ]; do
              if [ "$1" = tmpfs ]; then
                mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root$3"
              else
                mount --bind "$2" "$root$3"
                mount -o "remount,bind,$1" "$root$3"
              fi
              shift 3
            done
            shift
            mount -o remount,bind,ro "$root/usr"
            mount -o remount,bind,ro "$root"
            user=$1 directory=$2; shift 2
            variables=()
            while [ "$1" != -- ]; do variables+=("$1"); shift; done
            shift
            exec env -i "${variables[@]}" chroot "$root" env --chdir="$directory" \\
              setpriv --reuid="${user%:*}" --regid="${user#*:}" --clear-groups --no-new-privs --bounding-set=-all "$@"
            """;

    private final Dockerfile dockerfile;
    private final Path root;
    private final Path jdk;

    private ImageRoot(Dockerfile dockerfile, Path root, Path jdk) {
        this.dockerfile = dockerfile;
        this.root = root;
        this.jdk = jdk;
    }

    /**
     * Builds an image from the root of the project.
     *
     * @param root new directory
     * @param java {@code bin/java} of the JDK
     */
    static ImageRoot build(Dockerfile dockerfile, Path root, Path java) throws IOException {
        ImageRoot image =
                new ImageRoot(dockerfile, root, java.toRealPath().getParent().getParent());
        image.addBase();
        for (String instruction : dockerfile.instructions()) {
            image.apply(instruction);
        }
        // An engine makes missing mount points.
        for (String mountPoint : List.of("/data", "/tmp", "/etc/herald")) {
            Files.createDirectories(image.inside(mountPoint));
        }
        return image;
    }

    private void addBase() throws IOException {
        for (String directory : List.of("usr", "etc", "proc", "dev", JAVA_HOME.substring(1))) {
            Files.createDirectories(root.resolve(directory));
        }
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            Path link = Path.of("/", name);
            if (Files.isSymbolicLink(link)) {
                Files.createSymbolicLink(root.resolve(name), Files.readSymbolicLink(link));
            }
        }
        Files.setAttribute(Files.createDirectory(root.resolve("tmp")), "unix:mode", 01777);
        Files.copy(Path.of("/etc/hosts"), root.resolve("etc/hosts"));
    }

    private void apply(String instruction) throws IOException {
        String[] words = instruction.split(" ", 2);
        if (words[0].equals("COPY")) {
            copy(words[1]);
        } else if (words[0].equals("RUN")) {
            run(words[1]);
        } else if (!DESCRIPTIONS.contains(words[0])) {
            throw new AssertionError("An instruction that this test does not know: " + instruction);
        }
    }

    /** A directory's content, or a file, into a directory or to a name. */
    private void copy(String arguments) throws IOException {
        List<String> words = new ArrayList<>(Arrays.asList(arguments.split(" ")));
        assertThat(words).as(arguments).hasSize(3);
        int mode = Integer.parseInt(words.get(0).replace("--chmod=", ""), 8);
        Path source = Path.of(words.get(1));
        Path target = inside(words.get(2));
        if (Files.isRegularFile(source) && words.get(2).endsWith("/")) {
            target = target.resolve(source.getFileName());
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(source)) {
            all = walk.toList();
        }
        Files.createDirectories(target.getParent());
        for (Path path : all) {
            Path copied = target.resolve(source.relativize(path).toString());
            if (Files.isDirectory(path)) {
                Files.createDirectories(copied);
            } else {
                Files.copy(path, copied);
            }
        }
        for (Path path : all) {
            Files.setPosixFilePermissions(target.resolve(source.relativize(path).toString()), permissions(mode));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        StringBuilder text = new StringBuilder();
        for (int bit = 8; bit >= 0; bit--) {
            text.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
        }
        return PosixFilePermissions.fromString(text.toString());
    }

    private void run(String command) throws IOException {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "bash", "-c"));
        words.add(MOUNTS + "exec chroot \"$root\" sh -c \"$1\"");
        words.addAll(List.of("image", root.toString(), jdk.toString(), command));
        Process process = new ProcessBuilder(words).inheritIO().start();
        try {
            assertThat(process.waitFor(Patience.LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0)
                    .as(command)
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Path on this machine of a path in the image. */
    Path inside(String path) {
        return root.resolve(path.substring(1));
    }

    /** New named volume, which gets owner and permissions of its mount point, as an engine does it. */
    Path volume(Path directory, String mountPoint) throws IOException {
        Files.createDirectories(directory);
        for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
            Files.setAttribute(directory, attribute, Files.getAttribute(inside(mountPoint), attribute));
        }
        return directory;
    }

    /**
     * Starts a container with a read-only root, as its user, and with its own environment.
     *
     * @param command empty for the image's entry point
     * @param environment besides that of the image
     * @param volumes by their paths in the container; {@code /tmp} is a file system in memory
     * @param output file for the output
     */
    Container start(List<String> command, Map<String, String> environment, List<Mount> volumes, Path output)
            throws IOException {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "bash", "-c", CONTAINER, "container"));
        words.addAll(List.of(root.toString(), jdk.toString(), "tmpfs", "-", "/tmp"));
        for (Mount mount : volumes) {
            words.addAll(
                    List.of(mount.readOnly() ? "ro" : "rw", mount.directory().toString(), mount.path()));
        }
        words.addAll(List.of("--", dockerfile.user(), dockerfile.workingDirectory()));
        Map<String, String> variables = new TreeMap<>(dockerfile.environment());
        variables.put("PATH", PATH);
        variables.putAll(Container.OF_A_BUSY_MACHINE);
        variables.putAll(environment);
        variables.forEach((name, value) -> words.add(name + "=" + value));
        words.add("--");
        words.addAll(command.isEmpty() ? dockerfile.entryPoint() : command);
        return Container.start(words, Map.of(), Path.of("/"), output);
    }

    /**
     * Directory of this machine in a container.
     *
     * @param path in the container
     */
    record Mount(Path directory, String path, boolean readOnly) {}
}
