package dev.tale.bench.command;

import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The options of a command, each with a path.
 *
 * @param out value of {@code --out}, which every command needs
 * @param others values of the others that were given, by name
 */
public record CommandOptions(Path out, ImmutableMap<String, Path> others) {
  private static final String OUT = "--out";

  public static CommandOptions parse(String[] args, String... optional) throws UsageException {
    Path out = null;
    ImmutableMap.Builder<String, Path> others = ImmutableMap.builder();
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals(OUT)) {
        out = Path.of(args[i + 1]);
      } else if (List.of(optional).contains(args[i])) {
        others.put(args[i], Path.of(args[i + 1]));
      } else {
        throw new UsageException("Unknown option " + args[i]);
      }
    }
    if (out == null || args.length % 2 != 0) {
      throw new UsageException("Needs " + OUT + " PATH, but got " + Arrays.toString(args));
    }
    return new CommandOptions(out, others.buildKeepingLast());
  }

  /**
   * Returns {@code --out} as a file that can be written, its directory created: found out before
   * the work that is to be written, not after it.
   *
   * @throws FileSystemException if it is a directory, lies in a file or must not be written
   */
  public Path outFile() throws FileSystemException {
    Path file = out.toAbsolutePath().normalize();
    if (Files.isDirectory(file)) {
      throw refused("is a directory; give the path of a file in it");
    }
    try {
      Files.createDirectories(parent(file));
    } catch (IOException e) {
      throw refused("cannot be made, for its directory cannot: " + e);
    }
    if (!Files.isWritable(Files.exists(file) ? file : parent(file))) {
      throw refused("must not be written by this user; give another path");
    }
    return file;
  }

  private static Path parent(Path file) {
    Path parent = file.getParent();
    return parent == null ? file : parent;
  }

  private FileSystemException refused(String why) {
    return new FileSystemException(out.toString(), null, why);
  }

  public Optional<Path> find(String name) {
    return Optional.ofNullable(others.get(name));
  }

  /**
   * Returns the value of an option that is a number.
   *
   * @throws UsageException if it is none, or less than {@code least}
   */
  public int number(String name, int least, int otherwise) throws UsageException {
    String text = find(name).map(Path::toString).orElse(String.valueOf(otherwise));
    try {
      int number = Integer.parseInt(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new UsageException(name + " is " + text + "; a number of at least " + least);
  }
}
