package dev.tale.onnx;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.tale.evaluate.Progress;
import dev.tale.model.Batch;
import dev.tale.model.Granularity;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelDescription;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Request;
import dev.tale.onnx.folder.ModelDirectory;
import dev.tale.onnx.session.SessionPlan;
import dev.tale.onnx.session.runtime.RunCounter;
import dev.tale.onnx.session.runtime.SessionConfig;
import dev.tale.onnx.text.PromptEncoder;
import dev.tale.onnx.text.TextTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * An ONNX model before its weights are loaded: its files, its layers, its tokenizer, and the plan
 * of its session. Safe to share between threads; calls wait for one another.
 */
final class OnnxDescription implements ModelDescription {
  private static final String TOKENIZER = "tokenizer.json";

  /** So many MiB of weights take more than a second to hash. */
  private static final long LONG = 1024;

  private final ModelDirectory directory;
  private final ModelConfig config;
  private final ModelInfo info;
  private final SessionConfig device;
  private final TextTokenizer tokenizer;
  private final SessionPlan plan;
  private final RunCounter counter = new RunCounter();
  private final Tokenization<?> tokenization;
  private boolean closed;

  private OnnxDescription(
      ModelDirectory directory,
      ModelConfig config,
      ModelInfo info,
      SessionConfig device,
      TextTokenizer tokenizer) {
    this.directory = directory;
    this.config = config;
    this.info = info;
    this.device = device;
    this.tokenizer = tokenizer;
    this.plan = SessionPlan.of(directory.stream(), device);
    this.tokenization = tokenizationOf(config);
  }

  private Tokenization<?> tokenizationOf(ModelConfig config) {
    RequestLimits limits = RequestLimits.of(config.contextLength(), directory.stream());
    return config.pooling().isPresent()
        ? new PairEncoder(tokenizer, limits, counter)
        : new RequestEncoder(new PromptEncoder(tokenizer), config.template(), limits, counter);
  }

  /**
   * Reads a model's files, each weight once, for the content hash. The device need not be there.
   *
   * @throws dev.tale.model.ModelFormatException if a file is missing, truncated or malformed
   * @throws dev.tale.model.UnsupportedModelException if the model cannot be pruned
   * @throws IOException if a file cannot be read
   */
  static OnnxDescription read(
      Path path,
      SessionConfig device,
      Granularity granularity,
      LocalDate date,
      Optional<Path> weights,
      Progress progress)
      throws IOException {
    ModelDirectory directory = ModelDirectory.open(path, granularity, weights, progress);
    try {
      long megabytes = directory.bytes() >> 20;
      if (megabytes < LONG) {
        return of(directory, device, date);
      }
      String hashing = "hashing the weights of " + directory.name();
      progress.on(new Progress.Phase(hashing, 0, megabytes, "MiB"));
      OnnxDescription description = of(directory, device, date);
      progress.on(new Progress.Phase(hashing, megabytes, megabytes, "MiB"));
      return description;
    } catch (Throwable e) {
      closeAfter(e, directory);
      throw e;
    }
  }

  private static OnnxDescription of(ModelDirectory directory, SessionConfig device, LocalDate date)
      throws IOException {
    ModelConfig config = ModelConfig.read(directory, date);
    Path tokenizerFile = directory.find(TOKENIZER).orElse(directory.path().resolve(TOKENIZER));
    TextTokenizer tokenizer = TextTokenizer.open(tokenizerFile);
    try {
      ModelInfo info = info(directory, config, tokenizerFile, tokenizer, device);
      directory.requireUntouchedFiles();
      return new OnnxDescription(directory, config, info, device, tokenizer);
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static void closeAfter(Throwable because, ModelDirectory directory) {
    try {
      directory.close();
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static ModelInfo info(
      ModelDirectory directory,
      ModelConfig config,
      Path tokenizerFile,
      TextTokenizer tokenizer,
      SessionConfig device)
      throws IOException {
    Hasher hasher = Hashing.sha256().newHasher();
    hashInto(hasher, directory, config, tokenizerFile);
    tokenizer.hashInto(hasher);
    return new ModelInfo(
        directory.name(),
        hasher.hash().toString(),
        directory.layers(),
        config.contextLength(),
        device.runtime());
  }

  /**
   * Everything that answers depend on: graph, weights, tokenizer, chat template, and what is used
   * of the rest.
   */
  private static void hashInto(
      Hasher hasher, ModelDirectory directory, ModelConfig config, Path tokenizer)
      throws IOException {
    hasher.putString(directory.graph().contentHash(), UTF_8);
    hasher.putBytes(MoreFiles.asByteSource(tokenizer).hash(Hashing.sha256()).asBytes());
    hasher.putInt(config.contextLength());
    config.ends().stream().sorted().forEach(hasher::putLong);
    config.pooling().ifPresent(pooling -> hasher.putString(pooling.name(), UTF_8));
    config.template().ifPresent(template -> template.hashInto(hasher));
  }

  @Override
  public ModelInfo info() {
    return info;
  }

  @Override
  public synchronized void check(List<Request> requests) {
    checkOpen();
    tokenization.encode(requests);
  }

  @Override
  public synchronized PlannedWork cost(Batch batch) {
    checkOpen();
    batch.masks().forEach(this::checkMask);
    return tokenization.cost(batch, plan);
  }

  @Override
  public List<String> warnings() {
    return tokenizer.warnings();
  }

  void checkMask(LayerMask mask) {
    mask.requireLayers(info.layerCount());
  }

  /**
   * Checks that this is open.
   *
   * @throws IllegalStateException if it is closed
   */
  synchronized void checkOpen() {
    if (closed) {
      throw new IllegalStateException("Model " + info.name() + " is closed; open it again");
    }
  }

  ModelDirectory directory() {
    return directory;
  }

  ModelConfig config() {
    return config;
  }

  SessionConfig device() {
    return device;
  }

  TextTokenizer tokenizer() {
    return tokenizer;
  }

  SessionPlan plan() {
    return plan;
  }

  /** Counts the time spent on encoding, and whatever a session of the plan runs. */
  RunCounter counter() {
    return counter;
  }

  Tokenization<?> tokenization() {
    return tokenization;
  }

  /** Frees the tokenizer, and deletes temporary weights. Closing twice has no effect. */
  @Override
  public synchronized void close() {
    closed = true;
    try (tokenizer) {
      directory.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
