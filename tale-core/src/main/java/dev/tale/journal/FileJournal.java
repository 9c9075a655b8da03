package dev.tale.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tale.files.NamedFailure;
import dev.tale.files.RegularFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A journal in a file.
 *
 * <p>Format, version {@value #VERSION}: UTF-8 lines, each the CRC-32C of its JSON as 8 hexadecimal
 * digits, a space, the JSON, a line feed. The first line is the {@link Header}, every other a
 * {@link JournalRecord}. The file only grows; every record is forced to the device before it
 * counts. A line that is incomplete or fails its checksum is what a crash leaves when it is the
 * last one, and damage when it is not.
 */
final class FileJournal implements Journal {
  static final int VERSION = 2;
  private static final int CHECKSUM_LENGTH = 8;

  private final Path file;
  private final FileChannel channel;
  private final Map<WorkUnit, UnitResult> results = new HashMap<>();
  private long length;

  private FileJournal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** The first line. */
  record Header(int taleJournal, SortedMap<String, String> identity) {}

  static FileJournal open(Path file, Map<String, String> identity) throws IOException {
    FileChannel channel = channel(file);
    try {
      lock(file, channel);
      FileJournal journal = new FileJournal(file, channel);
      journal.load(new Header(VERSION, new TreeMap<>(identity)));
      return journal;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    RegularFile.require("journal", file);
    try {
      return FileChannel.open(file, CREATE, READ, WRITE);
    } catch (NoSuchFileException e) {
      NoSuchFileException missing =
          new NoSuchFileException(
              file.toString(),
              null,
              "the journal's directory does not exist; create it or give another file");
      missing.initCause(e);
      throw missing;
    }
  }

  private static void lock(Path file, FileChannel channel) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new IllegalStateException(
          "Journal " + file + " is in use by another search; wait for it or use another file");
    }
  }

  @Override
  public Optional<UnitResult> find(WorkUnit unit) {
    return Optional.ofNullable(results.get(unit));
  }

  @Override
  public void append(UnitResult result) throws IOException {
    appendLine(JournalRecord.write(JournalRecord.of(result)));
    results.put(result.unit(), result);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void appendLine(String json) throws IOException {
    NamedFailure.of(file, () -> append(ByteBuffer.wrap(line(json))));
  }

  private void append(ByteBuffer line) throws IOException {
    try {
      long position = length;
      while (line.hasRemaining()) {
        position += channel.write(line, position);
      }
      channel.force(false);
      length = position;
    } catch (IOException e) {
      IOException named = RegularFile.unwritable("journal", file, e);
      dropTail(named);
      throw named;
    }
  }

  private void dropTail(IOException reason) {
    try {
      channel.truncate(length);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static byte[] line(String json) {
    return (checksum(json.getBytes(UTF_8)) + " " + json + "\n").getBytes(UTF_8);
  }

  private static String checksum(byte[] json) {
    CRC32C crc = new CRC32C();
    crc.update(json);
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private void load(Header expected) throws IOException {
    if (isTornHeader(line(JournalRecord.write(expected)))) {
      channel.truncate(0);
      appendLine(JournalRecord.write(expected));
      return;
    }
    JournalLines lines = new JournalLines(channel);
    requireSameRun(header(lines.next()), expected);
    do {
      length = lines.end();
    } while (loadRecord(lines));
    channel.truncate(length);
  }

  /** Whether the file is empty, or ends in the middle of the header that it would have. */
  private boolean isTornHeader(byte[] header) throws IOException {
    if (channel.size() >= header.length) {
      return false;
    }
    JournalLines lines = new JournalLines(channel);
    byte[] all = lines.next();
    return all.length == channel.size() && Arrays.equals(all, Arrays.copyOf(header, all.length));
  }

  private Header header(byte[] line) throws JournalFormatException {
    String json = json(line);
    if (json == null) {
      throw new JournalFormatException(
          "File "
              + file
              + " is not a Tale journal: its first line has no valid checksum; give another file,"
              + " nothing was changed in this one");
    }
    try {
      return JournalRecord.read(json, Header.class);
    } catch (JsonProcessingException e) {
      throw new JournalFormatException("File " + file + " has no journal header in line 1", e);
    }
  }

  /** Returns false at the end of the file, also if the record is torn and nothing follows it. */
  private boolean loadRecord(JournalLines lines) throws IOException {
    long start = lines.end();
    byte[] line = lines.next();
    String json = json(line);
    if (line.length == 0 || (json == null && lines.atEnd())) {
      return false;
    }
    try {
      if (json == null) {
        throw damaged(lines.count(), start, null);
      }
      UnitResult result = JournalRecord.read(json, JournalRecord.class).toResult();
      results.put(result.unit(), result);
      return true;
    } catch (JsonProcessingException | RuntimeException e) {
      throw damaged(lines.count(), start, e);
    }
  }

  private JournalFormatException damaged(long line, long offset, @Nullable Exception cause) {
    String message =
        String.format(
            "Journal %s is damaged in line %d (byte %d), and more records follow; restore the file"
                + " or start again with a new one",
            file, line, offset);
    return cause == null
        ? new JournalFormatException(message)
        : new JournalFormatException(message, cause);
  }

  /** Returns the line's JSON, or null if the line is incomplete or fails its checksum. */
  private static @Nullable String json(byte[] line) {
    int from = CHECKSUM_LENGTH + 1;
    if (line.length <= from || line[line.length - 1] != '\n') {
      return null;
    }
    byte[] json = Arrays.copyOfRange(line, from, line.length - 1);
    String stated = new String(line, 0, from, UTF_8);
    return stated.equals(checksum(json) + " ") ? new String(json, UTF_8) : null;
  }

  private void requireSameRun(Header found, Header expected) throws JournalFormatException {
    if (found.taleJournal() != VERSION) {
      throw new JournalFormatException(
          String.format(
              "Journal %s has format version %d; this version of Tale reads %d; use the version"
                  + " that wrote it or start again with a new file",
              file, found.taleJournal(), VERSION));
    }
    SortedSet<String> names = new TreeSet<>(expected.identity().keySet());
    names.addAll(found.identity().keySet());
    names.removeIf(
        name -> Objects.equals(found.identity().get(name), expected.identity().get(name)));
    if (!names.isEmpty()) {
      throw new IllegalArgumentException(difference(names, found, expected));
    }
  }

  private String difference(SortedSet<String> names, Header found, Header expected) {
    return names.stream()
        .map(
            name ->
                String.format(
                    "%s is %s in the journal and %s in this run",
                    name, found.identity().get(name), expected.identity().get(name)))
        .collect(
            Collectors.joining(
                "; ", "Journal " + file + " belongs to another run: ", "; use another file"));
  }
}
