package dev.tale.onnx;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tale.evaluate.Progress;
import dev.tale.model.Answer;
import dev.tale.model.Batch;
import dev.tale.model.Granularity;
import dev.tale.model.HiddenStates;
import dev.tale.model.LatencyMeter;
import dev.tale.model.LayerMask;
import dev.tale.model.LayeredModel;
import dev.tale.model.LinearPatch;
import dev.tale.model.LinearPatches;
import dev.tale.model.ModelDescription;
import dev.tale.model.ModelExporter;
import dev.tale.model.ModelFormatException;
import dev.tale.model.ModelInfo;
import dev.tale.model.PlannedWork;
import dev.tale.model.Prompt;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.RunStatistics;
import dev.tale.model.ScaledLayers;
import dev.tale.model.Timing;
import dev.tale.model.UnanswerableRequestException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.session.Comparer;
import dev.tale.onnx.session.GatedSession;
import dev.tale.onnx.session.Responder;
import dev.tale.onnx.session.decode.TokenChoice;
import dev.tale.onnx.text.ChatTemplate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An ONNX decoder or encoder, loaded when it is first needed, of which every subset of layers, or
 * of their attention and feed-forward parts, can be run and written.
 *
 * <p>A decoder answers {@link Request.LogLikelihood} and {@link Request.Generation}. An encoder, a
 * model that gives {@code last_hidden_state}, answers {@link Request.Similarity}: its embedding of
 * a text is the mean of the last hidden states, or the first, as the pooling step in {@code
 * modules.json} of sentence-transformers or {@code 1_Pooling/config.json} says, the mean if there
 * is neither.
 *
 * <p>Safe to share between threads; calls wait for one another. Opening reads every weight, so hold
 * a model for as long as it is searched. Text is never cut: a request that does not fit into the
 * context is refused, and a generation must fit with all the tokens that it may add.
 *
 * <p>Conversations ({@link dev.tale.model.Prompt.Chat}) are written as text by the model's own chat
 * template, {@code chat_template.jinja} or the one in {@code tokenizer_config.json}, exactly as
 * Hugging Face transformers does; a template that cannot be rendered exactly is refused with the
 * construct's name. Templates that ask for the date are told 26 July 2024, the one that LLaMA's
 * templates have in store, or the one given when opening: never today's, which would change results
 * from day to day.
 */
public final class OnnxModel implements LayeredModel {
  private final OnnxDescription description;
  private final GatedSession session;
  private final CallerCounts callers;
  private final Answers answers;
  private final PlainAgreement agreement;
  private final ExportForm form;
  private final Device device;
  private final LocalDate date;

  private OnnxModel(OnnxDescription description, ExportForm form, Device device, LocalDate date) {
    this.form = form;
    this.device = device;
    this.date = date;
    this.description = description;
    this.session = GatedSession.of(description.plan(), description.counter());
    this.callers = new CallerCounts(session::statistics);
    this.answers = answers();
    this.agreement =
        new PlainAgreement(
            description.directory(), description.info(), description.device(), answers);
  }

  private Answers answers() {
    ModelConfig config = description.config();
    if (description.tokenization() instanceof PairEncoder encoder) {
      return new EncoderAnswers(
          encoder, session, new Comparer(session, config.pooling().orElseThrow()));
    }
    return new DecoderAnswers(
        (RequestEncoder) description.tokenization(),
        session,
        new Responder(session, description.tokenizer()::decode, config.ends()));
  }

  /**
   * Opens a model on the CPU, with as many threads as this process has processors.
   *
   * <p>Symbolic links to the files around the graph may lead to files in the directory and, as in
   * the cache of Hugging Face, to its blobs; weights must lie in the directory of the graph, or of
   * the file that it is a link to.
   *
   * <p>Every weight is read once, for the content hash; ONNX Runtime loads the model at the first
   * {@link #check} of requests or the first question, and what it refuses is told there: {@link
   * dev.tale.Tale#prune} checks before it searches.
   *
   * <p>Leave the files alone while the model is open. The graph, the settings and the tokenizer are
   * held from open on, so changes to them have no effect, on exports neither. Weights in files of
   * their own, or in a graph of more than 32 MiB, are mapped into memory where the model is loaded,
   * once more with its caches, and read again where models are written. Each call compares the
   * files' identity, length and times with those of the bytes that were hashed, before and after,
   * hashes them again where these differ, and fails with the file's name if they hold something
   * else or are gone, from then on. Two things are not caught: on systems that do not tell when a
   * file's status changed, such as Windows, a program that writes in place and sets the time of
   * modification back; and another program that cuts a file short in place in the middle of a call:
   * the operating system then ends this process with SIGBUS. To update a model, rename new files
   * into place, as downloads do, and open it again.
   *
   * @param path a directory that holds {@code tokenizer.json}, {@code config.json} and {@code
   *     model.onnx}, {@code onnx/model.onnx} or exactly one {@code *.onnx}, at the top or, if there
   *     is none, in {@code onnx}; or that graph itself; or a Hugging Face folder, with {@code
   *     model.safetensors} or its shards in place of a graph; or a GGUF file, which has its
   *     tokenizer in it, or a directory with one
   * @throws ModelFormatException if a file is missing, truncated or malformed
   * @throws UnsupportedModelException if the model's layers cannot be found or removed or its
   *     context length is not known
   * @throws IOException if a file cannot be read
   */
  public static OnnxModel open(Path path) throws IOException {
    return builder(path).open();
  }

  /**
   * Describes a model, as {@link Builder#describe} does, of whole layers and for the CPU.
   *
   * @param path as for {@link #open(Path)}
   * @throws ModelFormatException as {@link #open(Path)} does
   * @throws UnsupportedModelException likewise
   * @throws IOException if a file cannot be read
   */
  public static ModelDescription describe(Path path) throws IOException {
    return builder(path).describe();
  }

  /**
   * A model to be opened or described with other settings than those of {@link #open(Path)}.
   *
   * @param path as for {@link #open(Path)}
   */
  public static Builder builder(Path path) {
    return new Builder(path);
  }

  /**
   * The entries of the graph's metadata by name. Of a model that was pruned, those that begin with
   * {@code tale.} say where it comes from: {@link dev.tale.report.WrittenResult#ofModel} reads
   * them.
   */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>();
    description
        .directory()
        .graph()
        .proto()
        .getMetadataPropsList()
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
    return metadata;
  }

  @Override
  public ModelInfo info() {
    return description.info();
  }

  @Override
  public List<String> warnings() {
    return description.warnings();
  }

  /**
   * {@inheritDoc}
   *
   * <p>The first requests load the model. Of one that is quantized or of 16 bits, they are also run
   * as any client of ONNX Runtime would, once, and compared.
   *
   * @throws UnsupportedModelException if ONNX Runtime does not load the model; if it computes
   *     otherwise with the plain graph than with layers that can be switched off, by more than
   *     rounding explains; or if a file with weights has changed since the model was opened
   * @throws IllegalStateException if the model is closed
   */
  @Override
  public synchronized void check(List<Request> requests) {
    callers.count(
        () -> {
          description.check(requests);
          return true;
        });
    if (!requests.isEmpty()) {
      fromHashedWeights(
          () -> {
            session.load();
            agreement.check(requests);
            return true;
          });
    }
  }

  /**
   * {@inheritDoc} One batch after another.
   *
   * @throws IllegalArgumentException if a mask is for another number of layers
   * @throws dev.tale.model.ModelOutputException if ONNX Runtime fails
   * @throws UnsupportedModelException if ONNX Runtime cannot load the model, or not with its
   *     key-value caches, which the first generation and the first prompts that begin alike need;
   *     the model stays open; or if a file with weights has changed since the model was opened
   * @throws IllegalStateException if the model is closed
   */
  @Override
  public void answer(List<Batch> batches, Consumer<Answer> sink) {
    int asked = 0;
    for (Batch batch : batches) {
      sink.accept(answer(batch, asked));
      asked += batch.requests().size();
    }
  }

  private synchronized Answer answer(Batch batch, int before) {
    description.checkOpen();
    batch.masks().forEach(description::checkMask);
    try {
      return fromHashedWeights(() -> answers.answer(batch));
    } catch (UnanswerableRequestException e) {
      throw new UnanswerableRequestException(before + e.position(), e.reason());
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>A generation counts with its prompt alone: how many tokens follow depends on the answer.
   * What several log-likelihoods have in common is counted once, and so are equal generations. A
   * beginning that prompts share is counted once for each batch that it is run for.
   *
   * @throws dev.tale.model.UnanswerableRequestException if a request cannot be answered
   * @throws IllegalArgumentException if a mask is for another number of layers
   * @throws IllegalStateException if the model is closed
   */
  @Override
  public synchronized PlannedWork cost(Batch batch) {
    return callers.count(() -> description.cost(batch));
  }

  /** Answers from weights that are those that were hashed. */
  private <T> T fromHashedWeights(Supplier<T> answer) {
    try {
      description.directory().graph().requireSameWeights();
      T answered = callers.count(answer::get);
      description.directory().graph().requireUntouchedWeights();
      return answered;
    } catch (IOException e) {
      throw new UnsupportedModelException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * A question about a plain text: how the model goes on with it.
   *
   * @see Question
   */
  public Question ask(String text) {
    return ask(Prompt.text(text));
  }

  /** A question about a text or a conversation. */
  public Question ask(Prompt prompt) {
    return new Question(this, prompt);
  }

  synchronized Response.Generation generate(
      Request.Generation request, LayerMask mask, TokenChoice choice, Consumer<String> listener) {
    description.checkOpen();
    description.checkMask(mask);
    return fromHashedWeights(() -> answers.generate(request, mask, choice, listener));
  }

  /** {@inheritDoc} Exports and measurements count as far as this model runs for them. */
  @Override
  public Optional<RunStatistics> runStatistics() {
    return Optional.of(callers.ofThisThread());
  }

  /**
   * Returns the exporter, which writes the form that {@link Builder#exportForm} says. It loads what
   * it wrote as any other client of ONNX Runtime would, and compares it with this model under the
   * mask: of a decoder every logit after every position that the verification requests read, of an
   * encoder the last hidden state of every token of their texts. Where a file beside the graph is a
   * symbolic link, what it leads to is copied.
   */
  @Override
  public Optional<ModelExporter> exporter() {
    return Optional.of(exporter(List.of()));
  }

  private ModelExporter exporter(List<LinearPatch> patches) {
    return (mask, target, metadata, verification) ->
        export(mask, patches, target, metadata, verification);
  }

  private synchronized ModelExporter.Export export(
      LayerMask mask,
      List<LinearPatch> patches,
      Path target,
      Map<String, String> metadata,
      List<Request> verification)
      throws IOException {
    description.checkOpen();
    description.checkMask(mask);
    return callers.count(
        () ->
            new VerifiedExport(description, answers, form, patches)
                .write(mask, target, provenance(metadata), verification));
  }

  private Map<String, String> provenance(Map<String, String> metadata) {
    Map<String, String> all = new TreeMap<>(agreement.provenance());
    all.putAll(metadata);
    return all;
  }

  /**
   * Returns the ability, if this is a decoder. States of 16 bits are given as float, which holds
   * them exactly. Every distinct prompt is run once, and a beginning that prompts share once for
   * each batch. Any of its methods throws {@link IllegalStateException} if the model is closed.
   */
  @Override
  public Optional<HiddenStates> hiddenStates() {
    return answers.hiddenStates().map(OpenStates::new);
  }

  /**
   * Returns the ability, if this is a decoder. Models with maps are written as ONNX models: of one
   * that was opened as a Hugging Face folder or a GGUF file, which have no place for a map, only
   * with {@link ExportForm#ONNX}, and of whole layers only. A map is a product and a sum in float32
   * in the graph; a later run of Tale counts it to the layer before it.
   */
  @Override
  public Optional<LinearPatches> linearPatches() {
    return answers.statesEverywhere().map(OpenPatches::new);
  }

  /**
   * Returns the ability. What a layer gives is fetched, blended with what it got in double
   * precision, rounded once to the element type of the hidden states, and put into the next layer;
   * a factor of 1 passes it on untouched, and a factor of 0 does not run the layer, so that factors
   * of 0 and 1 alone give the answers of {@link #respond}, bit for bit. A layer is run once for all
   * vectors that agree on the layers before it: central differences by every one of n factors cost
   * n^2 layer-runs for each batch instead of 2 n^2. A decoder answers {@link Request.LogLikelihood}
   * only, an encoder {@link Request.Similarity}. Throws {@link IllegalStateException} if the model
   * is closed.
   */
  @Override
  public Optional<ScaledLayers> scaledLayers() {
    return Optional.of(this::respondScaled);
  }

  private synchronized List<List<Response>> respondScaled(
      List<Request> requests, List<double[]> gates) {
    description.checkOpen();
    List<ImmutableDoubleArray> checked = gates.stream().map(this::checkGates).toList();
    return fromHashedWeights(() -> answers.respondScaled(requests, checked));
  }

  private ImmutableDoubleArray checkGates(double[] gates) {
    int layers = info().layerCount();
    if (gates.length != layers) {
      throw new IllegalArgumentException(
          "A vector has "
              + gates.length
              + " factors, but the model has "
              + layers
              + " layers or parts; give a factor for each");
    }
    for (int layer = 0; layer < gates.length; layer++) {
      if (!Double.isFinite(gates[layer])) {
        throw new IllegalArgumentException(
            "The factor of layer " + layer + " is " + gates[layer] + "; give a finite number");
      }
    }
    return ImmutableDoubleArray.copyOf(gates);
  }

  /**
   * Returns the meter. Models are written to the directory of temporary files, and as many as have
   * 2 GiB in all are loaded at once, at least the baseline and another, in sessions with this
   * model's number of threads, which do not spin. A model that there is no memory for is not
   * loaded, but an IOException. A decoder computes the logits after every token, as its file says;
   * shorter prompts are padded on the right where a batch has several. Of generations, up to 16
   * tokens after the prompt are timed, one prompt at a time, as the model's file decodes with its
   * caches; the likeliest token is fed next, and none of them ends it.
   */
  @Override
  public Optional<LatencyMeter> latencyMeter() {
    return Optional.of(new WrittenForms());
  }

  private synchronized LatencyMeter.Latencies measure(
      List<LayerMask> masks, List<Request> requests, Timing timing) throws IOException {
    description.checkOpen();
    masks.forEach(description::checkMask);
    return callers.count(
        () ->
            new WrittenLatency(
                    description.directory(), description.device(), answers, AvailableMemory::bytes)
                .measure(masks, requests, timing));
  }

  /** Frees the session and the tokenizer. Closing twice has no effect. */
  @Override
  public synchronized void close() {
    try (description) {
      session.close();
    }
  }

  /** The written forms of this model while it is open. */
  private final class WrittenForms implements LatencyMeter {

    @Override
    public Latencies measure(List<LayerMask> masks, List<Request> requests, Timing timing)
        throws IOException {
      return OnnxModel.this.measure(masks, requests, timing);
    }

    @Override
    public long bytes() {
      return description.directory().bytes();
    }
  }

  /** Hidden states of this model while it is open, for any thread. */
  private final class OpenStates implements HiddenStates {
    private final HiddenStates states;

    private OpenStates(HiddenStates states) {
      this.states = states;
    }

    @Override
    public int width() {
      return states.width();
    }

    @Override
    public List<float[][]> atLastPromptToken(List<Request> requests, LayerMask mask) {
      synchronized (OnnxModel.this) {
        description.checkOpen();
        description.checkMask(mask);
        return fromHashedWeights(() -> states.atLastPromptToken(requests, mask));
      }
    }
  }

  /** Maps in the place of layers of this model while it is open, for any thread. */
  private final class OpenPatches implements LinearPatches {
    private final StatesEverywhere states;

    private OpenPatches(StatesEverywhere states) {
      this.states = states;
    }

    @Override
    public int width() {
      return states.width();
    }

    @Override
    public void check() {
      PatchForm.check(description, form);
    }

    @Override
    public void read(
        List<Request> requests, LayerMask mask, List<Integer> boundaries, StateSink sink) {
      synchronized (OnnxModel.this) {
        description.checkOpen();
        description.checkMask(mask);
        PatchForm.checkBoundaries(boundaries, mask.layers());
        fromHashedWeights(
            () -> {
              states.read(requests, mask, boundaries, sink);
              return true;
            });
      }
    }

    @Override
    public ModelExporter exporter(List<LinearPatch> patches) {
      List<LinearPatch> telling = patches.stream().filter(patch -> !patch.isZero()).toList();
      if (!telling.isEmpty()) {
        check();
      }
      return (mask, target, metadata, verification) -> {
        LinearPatch.requireSpansOf(mask, patches);
        return export(mask, telling, target, metadata, verification);
      };
    }

    @Override
    public LayeredModel open(Path directory) throws IOException {
      return OnnxModel.builder(directory).device(device).date(date).open();
    }
  }

  /**
   * A model that is yet to be opened or described, and how. Each setting is the last one given. Not
   * for several threads at once; may be used again.
   */
  public static final class Builder {
    private final Path path;
    private Device device = Device.cpu();
    private Granularity granularity = Granularity.LAYER;
    private LocalDate date = ChatTemplate.DEFAULT_DATE;
    private ExportForm form = ExportForm.AS_OPENED;
    private Optional<Path> weights = Optional.empty();
    private Progress progress = Progress.logged();

    private Builder(Path path) {
      this.path = path;
    }

    /** Sets where the model runs; default {@link Device#cpu()}. */
    public Builder device(Device device) {
      this.device = device;
      return this;
    }

    /**
     * Sets whether masks remove whole layers or their attention and feed-forward parts; default
     * {@link Granularity#LAYER}.
     */
    public Builder granularity(Granularity granularity) {
      this.granularity = granularity;
      return this;
    }

    /**
     * Sets the date that chat templates are told if they ask for it; default 26 July 2024. Part of
     * the content hash of a model that has a chat template.
     */
    public Builder date(LocalDate date) {
      this.date = date;
      return this;
    }

    /**
     * Sets the folder for the dequantized weights of a GGUF file, float32, 4 bytes for each of its
     * weights. It is made if it is not there, stays, and serves the same file again. By default
     * they are among the temporary files until the model is closed. Other models need none.
     */
    public Builder weightsFolder(Path folder) {
      this.weights = Optional.of(folder);
      return this;
    }

    /**
     * Sets who hears that weights of a GGUF file are dequantized, or that a GiB or more is hashed,
     * while the model is opened; default {@link Progress#logged}.
     */
    public Builder listener(Progress listener) {
      this.progress = listener;
      return this;
    }

    /** Sets what pruned models are written as; default {@link ExportForm#AS_OPENED}. */
    public Builder exportForm(ExportForm form) {
      this.form = form;
      return this;
    }

    /**
     * Opens the model, as {@link OnnxModel#open(Path)} says.
     *
     * @throws ModelFormatException if a file is missing, truncated or malformed
     * @throws UnsupportedModelException if the device is not there, the model is an encoder with
     *     the head of a task, its layers or parts cannot be found or removed, its context length is
     *     not known, or its embeddings are not pooled by mean or first token
     * @throws IOException if a file cannot be read
     */
    public OnnxModel open() throws IOException {
      device.config().checkAvailable();
      return new OnnxModel(read(), form, device, date);
    }

    /**
     * Describes the model without opening it: info, checks and costs are those of the open model,
     * but no weight is loaded and nothing is run; the weights are read once, for the content hash.
     * The device need not be there: a search can be planned where it does not run. Safe to share
     * between threads. Closing frees the tokenizer; from then on {@code check} and {@code cost}
     * throw {@link IllegalStateException}.
     *
     * @throws ModelFormatException as {@link #open} does
     * @throws UnsupportedModelException likewise, but for the device
     * @throws IOException if a file cannot be read
     */
    public ModelDescription describe() throws IOException {
      return read();
    }

    private OnnxDescription read() throws IOException {
      return OnnxDescription.read(path, device.config(), granularity, date, weights, progress);
    }
  }
}
