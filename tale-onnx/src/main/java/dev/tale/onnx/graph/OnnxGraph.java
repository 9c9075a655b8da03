package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import com.google.common.hash.Funnels;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteStreams;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One ONNX model, read and validated. Immutable; the file and its weights are never written to. */
public final class OnnxGraph {
  private final Source source;
  private final Path file;
  private final Optional<FileStamp> stamp;
  private final ModelProto proto;
  private final ImmutableMap<String, ExternalRange> external;
  private final ImmutableMap<String, TensorProto> initializers;
  private final WeightFiles weightFiles;
  private final ImmutableMap<String, ByteString> smallExternal;
  private final Supplier<Dataflow> dataflow =
      Suppliers.memoize(() -> Dataflow.of(proto().getGraph()));

  private OnnxGraph(
      Source source,
      Path file,
      Optional<FileStamp> stamp,
      ModelProto proto,
      ImmutableMap<String, ExternalRange> external)
      throws IOException {
    this.source = source;
    this.file = file;
    this.stamp = stamp;
    this.proto = proto;
    this.external = external;
    this.weightFiles = WeightFiles.of(external.values(), this::computeContentHash);
    this.initializers =
        Maps.uniqueIndex(proto.getGraph().getInitializerList(), TensorProto::getName);
    ImmutableMap.Builder<String, ByteString> small = ImmutableMap.builder();
    for (Map.Entry<String, ExternalRange> entry : external.entrySet()) {
      TensorProto tensor = initializers.get(entry.getKey());
      if (tensor != null && SmallConstants.isSmall(tensor)) {
        small.put(entry.getKey(), UnsafeByteOperations.unsafeWrap(entry.getValue().read()));
      }
    }
    smallExternal = small.build();
  }

  private OnnxGraph(OnnxGraph graph, ModelProto proto) {
    source = graph.source;
    file = graph.file;
    stamp = graph.stamp;
    this.proto = proto;
    external = graph.external;
    initializers = Maps.uniqueIndex(proto.getGraph().getInitializerList(), TensorProto::getName);
    weightFiles = graph.weightFiles;
    smallExternal = graph.smallExternal;
  }

  /**
   * Reads and validates a model. Weights in external data files are checked, not loaded; of a file
   * of more than 32 MiB, those that it holds itself likewise.
   *
   * @throws dev.tale.model.ModelFormatException if the file, or an external data file, is missing,
   *     truncated or malformed, or a path leads out of the model's directory
   * @throws dev.tale.model.UnsupportedModelException if the model uses what Tale does not know:
   *     custom operators, model-local functions
   * @throws IOException if a file cannot be read
   */
  public static OnnxGraph read(Path onnxFile) throws IOException {
    return read(onnxFile, ModelFile.SMALL);
  }

  /** As {@link #read(Path)}; files of at most {@code small} bytes come into the heap whole. */
  static OnnxGraph read(Path onnxFile, long small) throws IOException {
    Source source = new Source(onnxFile);
    Optional<FileStamp> stamp =
        Files.exists(onnxFile) ? Optional.of(FileStamp.of(onnxFile)) : Optional.empty();
    ModelFile read = ModelFile.read(source, small);
    ModelFile sorted = new ModelFile(sorted(read.proto()), read.inline());
    ModelKinds.check(source, sorted.proto().getGraph());
    OnnxGraph graph =
        new OnnxGraph(source, onnxFile, stamp, sorted.proto(), GraphChecks.check(source, sorted));
    if (!graph.isUntouched()) {
      throw WeightFiles.changed(onnxFile);
    }
    return graph;
  }

  /**
   * Checks a graph that was made over weights in files beside {@code source}.
   *
   * @param source a file of the model, to complain about
   * @param file the graph's, if it is written; there is none
   * @throws dev.tale.model.ModelFormatException as {@link #read} does
   * @throws IOException if a file cannot be read
   */
  public static OnnxGraph of(Source source, Path file, ModelProto made) throws IOException {
    ModelFile model = new ModelFile(made, ImmutableMap.of());
    return new OnnxGraph(source, file, Optional.empty(), made, GraphChecks.check(source, model));
  }

  /** ONNX wants nodes in topological order, but some converters append theirs at the end. */
  private static ModelProto sorted(ModelProto model) {
    GraphProto graph = model.getGraph();
    if (TopologicalOrder.isOf(graph)) {
      return model;
    }
    List<NodeProto> nodes = TopologicalOrder.of(graph.getNodeList());
    return model.toBuilder().setGraph(graph.toBuilder().clearNode().addAllNode(nodes)).build();
  }

  /**
   * The model as stored, its nodes in topological order; weights that lie in files, this one
   * included, are references ({@link #external}).
   */
  public ModelProto proto() {
    return proto;
  }

  /** The dataflow of the graph. A second call answers from memory. */
  public Dataflow dataflow() {
    return dataflow.get();
  }

  /** Whether there is a file of the graph, still the one that was read. */
  public boolean isUntouched() {
    return stamp.filter(read -> read.isOf(file())).isPresent();
  }

  /** The file that was read, or that a graph without one would have. */
  public Path file() {
    return file;
  }

  /**
   * Returns the SHA-256, in hexadecimal, of the graph's bytes and of every external range that its
   * weights refer to, as they were when the graph was read. Streams: the weights are read, never
   * held. A second call answers from memory.
   *
   * @throws dev.tale.model.ModelFormatException if a file has changed since then
   * @throws IOException if a file cannot be read
   */
  public String contentHash() throws IOException {
    return weightFiles.contentHash();
  }

  /**
   * Checks that the files with external weights hold what they held when the graph was read. To be
   * called before anything reads them; those that were touched are hashed again, if {@link
   * #contentHash} was asked for.
   *
   * @throws dev.tale.model.ModelFormatException with the file that has changed or gone
   */
  public void requireSameWeights() throws IOException {
    weightFiles.requireSame();
  }

  /**
   * Checks that nothing has touched the files with external weights since {@link
   * #requireSameWeights}. To be called after anything has read them.
   *
   * @throws dev.tale.model.ModelFormatException with the file that has changed or gone
   */
  public void requireUntouchedWeights() throws IOException {
    weightFiles.requireUntouched();
  }

  private String computeContentHash() throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    try (OutputStream sink = Funnels.asOutputStream(hasher)) {
      proto.writeTo(sink);
      for (ExternalRange range : external.values()) {
        copy(range, sink);
      }
    }
    return hasher.hash().toString();
  }

  /** Returns how many bytes the graph has, and the external ranges that its weights refer to. */
  public long bytes() {
    return proto.getSerializedSize()
        + external.values().stream().distinct().mapToLong(ExternalRange::length).sum();
  }

  private void copy(ExternalRange range, OutputStream sink) throws IOException {
    // Not a channel, which an interrupt would close.
    try (InputStream file = Files.newInputStream(range.file())) {
      ByteStreams.skipFully(file, range.offset());
      long copied = ByteStreams.copy(ByteStreams.limit(file, range.length()), sink);
      if (copied != range.length()) {
        throw source.malformed(range.file() + " has shrunk while it was open");
      }
    } catch (EOFException e) {
      throw source.malformed(range.file() + " has shrunk while it was open", e);
    }
  }

  /**
   * Returns a model of the same files, possibly of some of their weights, with another graph; its
   * content hash stays the files'.
   */
  public OnnxGraph with(GraphProto graph) {
    return new OnnxGraph(this, proto.toBuilder().setGraph(graph).build());
  }

  public Source source() {
    return source;
  }

  /**
   * The weights that lie in files by name, in the order of the graph: external ones, and of a large
   * file its own ({@link ExternalRange#isInline}).
   */
  public ImmutableMap<String, ExternalRange> external() {
    return external;
  }

  /** Returns the weight of that name, or null. */
  public @Nullable TensorProto initializer(String name) {
    return initializers.get(name);
  }

  /** Returns the bytes of an external weight of a few elements, or null. */
  public @Nullable ByteString smallExternal(String name) {
    return smallExternal.get(name);
  }
}
