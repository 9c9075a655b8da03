package dev.tale.onnx.folder;

import com.google.common.collect.ImmutableMap;
import dev.tale.evaluate.Progress;
import dev.tale.model.Granularity;
import dev.tale.model.LayerInfo;
import dev.tale.model.LayerMask;
import dev.tale.model.LinearPatch;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.checkpoint.Checkpoint;
import dev.tale.onnx.checkpoint.PrunedCheckpoint;
import dev.tale.onnx.excise.LayerExcision;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.layers.CacheFormat;
import dev.tale.onnx.layers.CachePort;
import dev.tale.onnx.layers.CachePorts;
import dev.tale.onnx.layers.ResidualStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model as deployed: the graph and the files around it. Immutable; nothing in it is written. Of a
 * GGUF file it is the folder of its dequantized weights.
 */
public final class ModelDirectory implements AutoCloseable {
  /** The cache of Hugging Face: the last name is a revision, which says nothing to anyone. */
  private static final Pattern CACHED = Pattern.compile("/models--([^/]+)/snapshots/[^/]+$");

  private final Path path;
  private final OnnxGraph graph;
  private final ResidualStream stream;
  private final Companions companions;
  private final Optional<Checkpoint> checkpoint;
  private final Optional<GgufModel> gguf;

  private ModelDirectory(
      SideFiles files,
      OnnxGraph graph,
      ResidualStream stream,
      Optional<Checkpoint> checkpoint,
      Optional<GgufModel> gguf) {
    this.checkpoint = checkpoint;
    this.gguf = gguf;
    this.path = files.directory();
    this.graph = graph;
    this.stream = stream;
    this.companions = new Companions(files, graph);
  }

  /**
   * As {@link #open(Path, Granularity)}, for whole layers.
   *
   * @throws IOException if a file cannot be read
   */
  public static ModelDirectory open(Path path) throws IOException {
    return open(path, Granularity.LAYER);
  }

  /**
   * As {@link #open(Path, Granularity, Optional, Progress)}, weights of a GGUF file among the
   * temporary ones.
   *
   * @throws IOException if a file cannot be read
   */
  public static ModelDirectory open(Path path, Granularity granularity) throws IOException {
    return open(path, granularity, Optional.empty(), Progress.none());
  }

  /**
   * Opens a model: a directory with {@code model.onnx}, {@code onnx/model.onnx} or exactly one
   * {@code *.onnx}, at the top or, if there is none, in {@code onnx}; or the file itself; or, if
   * there is no graph, a checkpoint, of which a graph is made ({@link Checkpoint}); or a GGUF file,
   * or a directory that holds one and none of these, of which a checkpoint is made. Files around
   * the graph may be symbolic links, to files in the directory or, as in the cache of Hugging Face,
   * to its blobs. They are held in memory from now on, but for those of more than 64 MiB: pruned
   * models get them as they are now. Weights in files of their own are read again later and
   * compared with what they are now.
   *
   * @param granularity what one index of a mask removes
   * @param weights folder for the dequantized weights of a GGUF file, which stays and serves the
   *     same file again; without one they are among the temporary files until this is closed
   * @param progress told before and after weights are dequantized, with their size
   * @throws ModelFormatException if there is no such file, it or a settings file is malformed, or a
   *     file around it is a Git LFS pointer, neither file nor directory, or a link that leads
   *     elsewhere
   * @throws UnsupportedModelException if it is an encoder with the head of a task or a part of an
   *     encoder-decoder model, its layers cannot be found, its weights are in a file that a pruned
   *     model has with other content, or its settings are of another model or of a kind that
   *     removing layers would make untrue
   * @throws IOException if a file cannot be read
   */
  public static ModelDirectory open(
      Path path, Granularity granularity, Optional<Path> weights, Progress progress)
      throws IOException {
    Optional<Path> gguf = ModelFinder.gguf(path);
    if (gguf.isEmpty()) {
      return openFolder(path, granularity, null);
    }
    GgufModel model = GgufModel.open(gguf.get(), weights, progress);
    try {
      return openFolder(model.weights(), granularity, model);
    } catch (Throwable e) {
      model.close();
      throw e;
    }
  }

  private static ModelDirectory openFolder(
      Path path, Granularity granularity, @Nullable GgufModel gguf) throws IOException {
    Optional<Path> file = ModelFinder.graph(path);
    Optional<Checkpoint> checkpoint =
        file.isPresent() ? Optional.empty() : Optional.of(Checkpoint.read(path));
    OnnxGraph graph =
        file.isPresent() ? OnnxGraph.read(file.get()) : checkpoint.orElseThrow().graph();
    Path root = ModelFinder.root(path);
    WrittenFiles.refuseWeights(root, graph);
    SideFiles files = SideFiles.read(root, graph);
    GraphParts.check(new Companions(files, graph));
    TaskHeads.check(new Companions(files, graph));
    ModelDirectory model =
        new ModelDirectory(
            files, graph, stream(files, graph, granularity), checkpoint, Optional.ofNullable(gguf));
    // What could not be written is found out before a search, not after it.
    model.companions.check(KeptLayers.of(granularity, LayerMask.none(model.stream.layerCount())));
    return model;
  }

  private static ResidualStream stream(SideFiles files, OnnxGraph graph, Granularity granularity)
      throws IOException {
    try {
      return ResidualStream.find(graph, granularity);
    } catch (UnsupportedModelException e) {
      throw EarlierRemovals.explain(e, files, graph);
    }
  }

  /** Returns the directory that holds config.json and tokenizer.json, where there are any. */
  public Path path() {
    return path;
  }

  /** A name for people: of the directory, the GGUF file, or the model in Hugging Face's cache. */
  public String name() {
    return gguf.map(GgufModel::name).orElseGet(() -> name(path));
  }

  static String name(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    Matcher cached = CACHED.matcher(absolute.toString().replace(File.separatorChar, '/'));
    if (cached.find()) {
      return cached.group(1).replace("--", "/");
    }
    Path name = absolute.getFileName();
    return name == null ? directory.toString() : name.toString();
  }

  /** Returns the graph. */
  public OnnxGraph graph() {
    return graph;
  }

  /** Returns the graph's layers. */
  public ResidualStream stream() {
    return stream;
  }

  /** The layers, or parts, with the bytes that they take in the files that were opened. */
  public List<LayerInfo> layers() {
    return gguf.isEmpty()
        ? stream.layers()
        : stream.layers().stream().map(gguf.get()::stored).toList();
  }

  /**
   * Returns the key-value caches: for each input the output that a client feeds to it in the next
   * run. Those of the layers that stay have the same names in a written model. Empty if there are
   * none, or it is not known how they go on.
   */
  public ImmutableMap<String, String> caches() {
    return CachePorts.find(stream).stream()
        .flatMap(ports -> ports.all().stream())
        .collect(ImmutableMap.toImmutableMap(CachePort::past, CachePort::present));
  }

  /** The formats of the key-value caches, by input, whether or not they are known to go on. */
  public ImmutableMap<String, CacheFormat> cacheFormats() {
    return CacheFormat.byInput(stream);
  }

  /** Returns whether a model is written as an ONNX graph in the form that it was opened in. */
  public boolean isGraph() {
    return checkpoint.isEmpty();
  }

  /** Returns the size of the graph and of the weights that it has in other files, in bytes. */
  public long bytes() {
    return graph.bytes();
  }

  /** Returns a file of the directory by name, for example {@code tokenizer.json}, if it exists. */
  public Optional<Path> find(String fileName) {
    return companions.files().find(fileName).map(SideFile::path);
  }

  /**
   * Checks that the files around the graph were not touched since they were read: what others read
   * of them meanwhile is what pruned models get.
   *
   * @throws ModelFormatException with the file that was touched
   */
  public void requireUntouchedFiles() throws IOException {
    companions.files().requireUntouched();
  }

  /**
   * Writes the model that {@code mask} describes into a temporary directory beside the target:
   * graph, weights, adjusted {@code config.json} and {@code genai_config.json}, and the other files
   * of the directory as they are, but for other graphs, weights of other frameworks and
   * sub-directories, of which only the settings of the modules in {@code modules.json} are copied;
   * besides {@code layers_to_keep.json}, which names the layers, and {@code mergekit.yaml}, which
   * takes them from the original checkpoint, where there is a {@code config.json}, no layer has
   * lost just a part and what was removed before, if anything, is known; files of these names in
   * this directory are not copied. Of symbolic links the files that they lead to are copied. {@link
   * Staged#commit} moves it into place.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not an empty
   *     directory
   * @throws ModelFormatException if a file with weights, or a large one that is copied, has changed
   *     since the model was opened
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if the mask is for another number of layers or removes all of
   *     them or all attention, or the target lies inside this directory
   * @throws UnsupportedModelException if a setting cannot be adjusted
   */
  public Staged excise(LayerMask mask, Path target, Map<String, String> metadata)
      throws IOException {
    return excise(mask, List.of(), target, metadata);
  }

  /**
   * As {@link #excise(LayerMask, Path, Map)}, with maps in the place of removed spans. A recipe for
   * mergekit knows no maps, so there is none.
   *
   * @param patches at most one for each span of the mask
   * @throws IllegalArgumentException likewise, or if a map is not in the place of a whole span or
   *     has another width than the model
   * @throws UnsupportedModelException if a setting cannot be adjusted
   */
  public Staged excise(
      LayerMask mask, List<LinearPatch> patches, Path target, Map<String, String> metadata)
      throws IOException {
    return staged(mask, target, (staged, kept) -> graph(mask, patches, staged, kept, metadata));
  }

  /**
   * As {@link #excise}, but in the form that was opened: of a checkpoint its weights, settings and
   * tokenizer, as transformers reads them, of a GGUF file one such. Checkpoints have no layers in
   * part, so masks of parts give an ONNX model. {@link Staged#modelFiles} ends with a graph over
   * the weights, to be checked with; {@link Staged#commit} leaves it out.
   */
  public Staged write(LayerMask mask, Path target, Map<String, String> metadata)
      throws IOException {
    if (checkpoint.isEmpty() || stream.granularity() != Granularity.LAYER) {
      return excise(mask, target, metadata);
    }
    if (gguf.isPresent()) {
      GgufModel model = gguf.get();
      return staged(
          mask,
          target,
          (staged, kept) -> staged.setModelFiles(model.write(staged, kept, metadata)));
    }
    Checkpoint original = checkpoint.get();
    return staged(
        mask,
        target,
        (staged, kept) -> {
          Path directory = staged.directory();
          List<Path> written =
              new ArrayList<>(
                  new PrunedCheckpoint(original, kept.attention()).write(directory, metadata));
          companions.write(directory, kept, 0);
          Path over = Checkpoint.read(directory).writeGraph();
          written.add(over);
          staged.setModelFiles(written);
          staged.leaveOut(over);
        });
  }

  private void graph(
      LayerMask mask,
      List<LinearPatch> patches,
      Staged staged,
      KeptLayers kept,
      Map<String, String> metadata)
      throws IOException {
    Path onnx = staged.directory().resolve(companions.relativeGraph());
    Files.createDirectories(onnx.getParent());
    List<Path> written = LayerExcision.write(stream, mask, patches, onnx, metadata);
    staged.setModelFiles(written);
    companions.write(staged.directory(), kept, written.size() - 1);
    if (!patches.isEmpty()) {
      Files.deleteIfExists(staged.directory().resolve(MergekitFile.NAME));
    }
  }

  private Staged staged(LayerMask mask, Path target, Writer writer) throws IOException {
    if (target.toAbsolutePath().normalize().startsWith(path.toAbsolutePath().normalize())) {
      throw new IllegalArgumentException(
          "Target " + target + " lies inside the model's own directory " + path + "; give another");
    }
    mask.requireLayers(stream.layerCount());
    KeptLayers kept = KeptLayers.of(stream.granularity(), mask);
    companions.check(kept);
    graph.requireSameWeights();
    Staged staged = Staged.beside(target);
    try {
      writer.write(staged, kept);
      graph.requireUntouchedWeights();
      return staged;
    } catch (Throwable e) {
      closeAfter(e, staged);
      throw e;
    }
  }

  /** Fills a directory. */
  @FunctionalInterface
  private interface Writer {
    void write(Staged staged, KeptLayers kept) throws IOException;
  }

  private static void closeAfter(Throwable because, Staged staged) {
    try {
      staged.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  /** Deletes the dequantized weights of a GGUF file, if they are temporary. */
  @Override
  public void close() throws IOException {
    if (gguf.isPresent()) {
      gguf.get().close();
    }
  }
}
