package dev.tale.onnx.excise;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.tale.files.NamedFailure;
import dev.tale.onnx.graph.ExternalRange;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Relocation;
import dev.tale.onnx.graph.TensorSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Copies the external weights that stay into new files, named as the old ones were: {@code
 * model.onnx_data}, {@code model.onnx_data_1} and so on, without a gap, for clients that count.
 *
 * <p>Ranges are moved from file to file by the operating system and never come into the heap. Large
 * weights begin at a page, so that a runtime can map them. Equal ranges are written once.
 */
public final class ExternalCopy {
  private static final long PAGE = 4096;
  private static final long LARGE = 1 << 20;
  private static final long SMALL_ALIGNMENT = 16;

  /** Files that are not of an ONNX model: in one, their bytes are in another order. */
  private static final Pattern CHECKPOINT = Pattern.compile(".*\\.(safetensors|gguf)");

  private static final Comparator<String> BY_NUMBER =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  private final Map<String, Place> byTensor = new HashMap<>();
  private final Map<ExternalRange, Place> byRange = new LinkedHashMap<>();
  private final Map<String, Long> ends = new HashMap<>();

  private ExternalCopy() {}

  /** Plans the copy of those tensors that are external. */
  public static ExternalCopy plan(OnnxGraph graph, List<TensorProto> tensors, Path target) {
    ExternalCopy copy = new ExternalCopy();
    List<ExternalRange> used =
        tensors.stream()
            .map(tensor -> graph.external().get(tensor.getName()))
            .filter(range -> range != null && !range.isInline())
            .toList();
    Map<String, String> locations = locations(graph, used, target);
    for (TensorProto tensor : tensors) {
      ExternalRange range = graph.external().get(tensor.getName());
      if (range != null && !range.isInline()) {
        String location = locations.getOrDefault(range.location(), range.location());
        copy.byTensor.put(
            tensor.getName(),
            copy.byRange.computeIfAbsent(range, key -> copy.place(location, key.length())));
      }
    }
    return copy;
  }

  private Place place(String location, long length) {
    long alignment = length >= LARGE ? PAGE : SMALL_ALIGNMENT;
    long end = ends.getOrDefault(location, 0L);
    long offset = (end + alignment - 1) / alignment * alignment;
    ends.put(location, offset + length);
    return new Place(location, offset);
  }

  /** Returns the new locations by the old ones. */
  private static Map<String, String> locations(
      OnnxGraph graph, List<ExternalRange> used, Path target) {
    Set<String> before =
        sorted(Iterables.filter(graph.external().values(), range -> !range.isInline()));
    Set<String> after = sorted(used);
    List<String> names = ImmutableList.copyOf(isSeries(before) ? before : after);
    Map<String, String> locations = new HashMap<>();
    int next = 0;
    for (String location : after) {
      String name =
          CHECKPOINT.matcher(location).matches()
              ? target.getFileName() + "_data" + (next == 0 ? "" : "_" + next)
              : renamed(names.get(next), graph.file(), target);
      locations.put(location, name);
      next++;
    }
    return locations;
  }

  private static Set<String> sorted(Iterable<ExternalRange> ranges) {
    Set<String> locations = new TreeSet<>(BY_NUMBER);
    ranges.forEach(range -> locations.add(range.location()));
    return locations;
  }

  private static boolean isSeries(Set<String> locations) {
    return locations.stream()
            .map(location -> location.replaceFirst("_\\d+$", ""))
            .distinct()
            .count()
        <= 1;
  }

  private static String renamed(String location, Path source, Path target) {
    String from = source.getFileName().toString();
    return location.startsWith(from)
        ? target.getFileName() + location.substring(from.length())
        : location;
  }

  /** The tensor as it is in the new files; one that is inline as it was. */
  public TensorProto apply(TensorProto tensor) {
    Place place = byTensor.get(tensor.getName());
    return place == null
        ? tensor
        : Relocation.at(
            tensor, place.location(), place.offset(), TensorSize.bytes(tensor).orElseThrow());
  }

  /** Returns the files to be created, relative to the graph's directory. */
  List<String> files() {
    return byRange.values().stream().map(Place::location).distinct().toList();
  }

  /** Creates one of the files. */
  void write(String location, Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Map<ExternalRange, Place> ranges =
        byRange.entrySet().stream()
            .filter(entry -> entry.getValue().location().equals(location))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    try (FileChannel sink =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      for (Map.Entry<ExternalRange, Place> entry : ranges.entrySet()) {
        NamedFailure.of(file, () -> copy(entry.getKey(), sink, entry.getValue().offset()));
      }
    }
  }

  private static void copy(ExternalRange range, FileChannel sink, long offset) throws IOException {
    sink.position(offset);
    range.copyTo(sink);
  }

  private record Place(String location, long offset) {}
}
