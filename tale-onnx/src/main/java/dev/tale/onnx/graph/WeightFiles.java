package dev.tale.onnx.graph;

import com.google.common.collect.ImmutableMap;
import dev.tale.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files with a graph's external weights, and their state when they were read first. ONNX
 * Runtime and the writer of pruned models open them by their paths again and again, and the runtime
 * maps them into memory, where a change in place shows. So each use lies between {@link
 * #requireSame} and {@link #requireUntouched}. Safe to share between threads.
 */
public final class WeightFiles {
  private final Hash hash;
  private ImmutableMap<Path, FileStamp> stamps;
  private @Nullable String contentHash;
  private @Nullable Path changed;

  private WeightFiles(Hash hash, ImmutableMap<Path, FileStamp> stamps) {
    this.hash = hash;
    this.stamps = stamps;
  }

  /**
   * Takes the stamps, before anything is read.
   *
   * @param hash of everything in the files that counts
   */
  static WeightFiles of(Collection<ExternalRange> ranges, Hash hash) throws IOException {
    return new WeightFiles(
        hash, stamps(ranges.stream().map(ExternalRange::file).distinct().toList()));
  }

  private static ImmutableMap<Path, FileStamp> stamps(Iterable<Path> files) throws IOException {
    ImmutableMap.Builder<Path, FileStamp> stamps = ImmutableMap.builder();
    for (Path file : files) {
      stamps.put(file, FileStamp.of(file));
    }
    return stamps.buildOrThrow();
  }

  /**
   * Returns the hash, computed once.
   *
   * @throws ModelFormatException if a file is not as it was when its stamp was taken
   */
  synchronized String contentHash() throws IOException {
    if (contentHash == null) {
      String computed = hash.compute();
      requireUntouched();
      contentHash = computed;
    }
    return contentHash;
  }

  /**
   * Checks that the files hold what they held. Those that were touched or replaced are hashed
   * again; without a hash to compare with they count as changed. What has changed once stays
   * refused, for it may have been read.
   *
   * @throws ModelFormatException with the file that has changed or gone
   */
  synchronized void requireSame() throws IOException {
    Path touched = touched();
    if (changed == null && touched != null && isSame()) {
      touched = touched();
    }
    refuse(touched);
  }

  private boolean isSame() throws IOException {
    if (contentHash == null) {
      return false;
    }
    try {
      ImmutableMap<Path, FileStamp> now = stamps(stamps.keySet());
      boolean same = contentHash.equals(hash.compute());
      stamps = same ? now : stamps;
      return same;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Checks that nothing has touched the files since {@link #requireSame}.
   *
   * @throws ModelFormatException with the file that has changed or gone
   */
  synchronized void requireUntouched() throws IOException {
    refuse(touched());
  }

  private @Nullable Path touched() {
    for (Map.Entry<Path, FileStamp> entry : stamps.entrySet()) {
      if (!entry.getValue().isOf(entry.getKey())) {
        return entry.getKey();
      }
    }
    return null;
  }

  private void refuse(@Nullable Path touched) throws ModelFormatException {
    changed = changed == null ? touched : changed;
    if (changed != null) {
      throw changed(changed);
    }
  }

  /** Returns the failure for a file that is not as it was. */
  public static ModelFormatException changed(Path file) {
    return new ModelFormatException(
        file
            + ": has changed or gone since the model was opened, so what is read now is not what was"
            + " read then; leave a model's files alone while it is open, and open it again");
  }

  /** Computes the hash of graph and weights. */
  @FunctionalInterface
  interface Hash {
    String compute() throws IOException;
  }
}
