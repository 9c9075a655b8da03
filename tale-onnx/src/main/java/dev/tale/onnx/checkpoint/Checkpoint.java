package dev.tale.onnx.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.graph.GitLfs;
import dev.tale.onnx.graph.OnnxGraph;
import dev.tale.onnx.graph.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A Hugging Face folder: {@code config.json} beside {@code model.safetensors}, or beside files that
 * {@code model.safetensors.index.json} names.
 *
 * @param directory the folder
 * @param shards the files with weights, in the order of their names
 * @param architecture read from {@code config.json}
 */
public record Checkpoint(
    Path directory, ImmutableList<Safetensors> shards, Architecture architecture) {
  static final String CONFIG = "config.json";
  static final String ONE_FILE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  /** The name that a graph of the checkpoint has where it is written. */
  private static final String GRAPH = "model.onnx";

  private static final long MAX_JSON = 64 << 20;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Whether a directory is meant to be a checkpoint. */
  public static boolean isIn(Path directory) throws IOException {
    if (Files.exists(directory.resolve(ONE_FILE)) || Files.exists(directory.resolve(INDEX))) {
      return true;
    }
    return false;
  }

  /**
   * Reads settings and headers; no weight is read.
   *
   * @throws ModelFormatException if a file is missing or malformed, or they are not of one model
   * @throws UnsupportedModelException if the model is of a kind or type that Tale does not run
   * @throws IOException if a file cannot be read
   */
  public static Checkpoint read(Path directory) throws IOException {
    Path config = directory.resolve(CONFIG);
    Architecture architecture = Architecture.read(new Source(config), json(config));
    Path one = directory.resolve(ONE_FILE);
    ImmutableList<Safetensors> shards =
        Files.exists(one)
            ? ImmutableList.of(Safetensors.read(one))
            : shards(directory.resolve(INDEX));
    return new Checkpoint(directory, shards, architecture);
  }

  private static JsonNode json(Path file) throws IOException {
    Source source = new Source(file);
    if (!Files.isRegularFile(file)) {
      throw source.malformed("does not exist or is not a regular file");
    }
    if (GitLfs.isPointer(file)) {
      throw source.malformed("is " + GitLfs.pointer(Files.size(file)));
    }
    if (Files.size(file) > MAX_JSON) {
      throw source.malformed("has " + Files.size(file) + " bytes; at most " + MAX_JSON);
    }
    try {
      JsonNode root = JSON.readTree(file.toFile());
      if (root.isObject()) {
        return root;
      }
    } catch (JsonProcessingException e) {
      throw source.malformed("is not JSON: " + e.getOriginalMessage(), e);
    }
    throw source.malformed("is not a JSON object");
  }

  private static ImmutableList<Safetensors> shards(Path index) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : json(index).path("weight_map").properties()) {
      files.put(entry.getKey(), shardName(index, entry.getKey(), entry.getValue()));
    }
    if (files.isEmpty()) {
      throw new Source(index)
          .malformed("has no weight_map, which says in which file each tensor is");
    }
    ImmutableList.Builder<Safetensors> shards = ImmutableList.builder();
    for (String name : new TreeSet<>(files.values())) {
      Safetensors shard = Safetensors.read(index.resolveSibling(name));
      requireMapped(index, files, name, shard);
      shards.add(shard);
    }
    return shards.build();
  }

  private static String shardName(Path index, String tensor, JsonNode value)
      throws ModelFormatException {
    String name = value.asText();
    if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
      throw new Source(index)
          .malformed(
              "tensor "
                  + tensor
                  + " is in "
                  + value
                  + "; only the name of a safetensors file in the"
                  + " same folder is allowed");
    }
    return name;
  }

  private static void requireMapped(
      Path index, Map<String, String> files, String name, Safetensors shard)
      throws ModelFormatException {
    ImmutableSet<String> mapped =
        files.entrySet().stream()
            .filter(entry -> entry.getValue().equals(name))
            .map(Map.Entry::getKey)
            .collect(ImmutableSet.toImmutableSet());
    if (!mapped.equals(shard.tensors().keySet())) {
      throw new Source(index)
          .malformed(
              "says that "
                  + name
                  + " has "
                  + mapped.size()
                  + " tensors, but it has "
                  + shard.tensors().size()
                  + ", or others");
    }
  }

  /** All weights by name. */
  ImmutableMap<String, StoredTensor> tensors() {
    ImmutableMap.Builder<String, StoredTensor> all = ImmutableMap.builder();
    shards.forEach(shard -> all.putAll(shard.tensors()));
    return all.buildOrThrow();
  }

  /** Texts that the first file has as its metadata. */
  ImmutableMap<String, String> metadata() {
    return shards.stream().findFirst().map(Safetensors::metadata).orElse(ImmutableMap.of());
  }

  /**
   * Checks that weights are those that settings ask for, wherever they are.
   *
   * @param source what to complain about
   * @param config settings as in {@code config.json}
   * @param shapes of the weights, by name
   * @throws ModelFormatException if a setting is missing or impossible, or a weight is missing,
   *     surplus or of another shape
   * @throws UnsupportedModelException if the model is of a kind that Tale does not run
   */
  public static void check(Source source, JsonNode config, Map<String, ImmutableList<Long>> shapes)
      throws ModelFormatException {
    Map<String, StoredTensor> tensors = new TreeMap<>();
    shapes.forEach(
        (name, shape) ->
            tensors.put(
                name, new StoredTensor(name, ElementType.F32.name(), shape, source.file(), 0, 0)));
    Architecture architecture = Architecture.read(source, config);
    DecoderGraph.build(architecture, new CheckpointWeights(source, tensors), Map.of());
  }

  /**
   * The graph over the files' bytes.
   *
   * @throws ModelFormatException if a weight is missing, surplus or of another shape
   * @throws UnsupportedModelException if a weight is of a type that Tale does not run
   */
  public OnnxGraph graph() throws IOException {
    Source source = new Source(directory.resolve(CONFIG));
    CheckpointWeights weights = new CheckpointWeights(new Source(shards.get(0).file()), tensors());
    return OnnxGraph.of(
        source, directory.resolve(GRAPH), DecoderGraph.build(architecture, weights, metadata()));
  }

  /**
   * Writes the graph beside the weights, as any client of ONNX Runtime would load it.
   *
   * @return the file
   */
  public Path writeGraph() throws IOException {
    Path file = directory.resolve(GRAPH);
    Files.write(file, graph().proto().toByteArray());
    return file;
  }
}
