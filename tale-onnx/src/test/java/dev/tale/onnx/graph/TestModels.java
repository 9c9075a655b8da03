package dev.tale.onnx.graph;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.tale.model.LayerMask;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The models of the tests, in the build's own directory: to be read, never written. */
public enum TestModels {
  NANO("nano-llama", 12, 2, 32),
  QWEN2("tiny-qwen2", 3, 2, 8),
  DYNAMO("tiny-llama-dynamo", 3, 2, 8);

  final String directory;
  public final int layers;
  public final int heads;
  public final int headSize;

  TestModels(String directory, int layers, int heads, int headSize) {
    this.directory = directory;
    this.layers = layers;
    this.heads = heads;
    this.headSize = headSize;
  }

  Path directory() {
    URL url = TestModels.class.getResource("/models/" + directory + "/model.onnx");
    if (url == null) {
      throw new AssertionError("models/" + directory + "/model.onnx is not on the class path");
    }
    try {
      return Path.of(url.toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public Path file() {
    return directory().resolve("model.onnx");
  }

  public OnnxGraph graph() throws IOException {
    return OnnxGraph.read(file());
  }

  public JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(Files.readString(directory().resolve(name)));
  }

  public FloatBuffer floats(String name) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(directory().resolve(name)))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }

  public LayerMask mask(JsonNode removed) {
    return LayerMask.of(
        layers,
        StreamSupport.stream(removed.spliterator(), false).mapToInt(JsonNode::asInt).toArray());
  }

  /** SHA-256 of every file below a directory, by relative name. */
  public static Map<String, String> hashes(Path directory) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        hashes.put(
            directory.relativize(file).toString(),
            MoreFiles.asByteSource(file).hash(Hashing.sha256()).toString());
      }
    }
    return hashes;
  }
}
