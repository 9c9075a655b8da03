package dev.tale.onnx.graph;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.excise.ExcisedGraph;
import dev.tale.onnx.gate.ConditionForm;
import dev.tale.onnx.gate.GatedGraph;
import dev.tale.onnx.layers.ResidualStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Breaks graphs, in their bytes and field by field, and does with each all that is done without
 * running it: reads it, finds layers, gates them in one form or the other, removes one. The n-th
 * graph of a seed is always the same.
 */
final class GraphFuzz {
  /** A graph may take so long; more is a hang. */
  static final long MOST_MILLIS = 10_000;

  private static final List<Object> NUMBERS =
      List.of(0L, 1L, -1L, 2L, 3L, 8L, 1000L, 1L << 31, 1L << 40, Long.MAX_VALUE, Long.MIN_VALUE);

  private static final List<ConditionForm> FORMS = List.of(ConditionForm.values());

  private final List<Path> originals;
  private final List<ModelProto> models = new ArrayList<>();
  private final List<byte[]> bytes = new ArrayList<>();

  /** Begins with graphs, each in a directory of its own that may be written to. */
  GraphFuzz(List<Path> originals) throws IOException {
    this.originals = originals;
    for (Path original : originals) {
      bytes.add(Files.readAllBytes(original));
      models.add(ModelProto.parseFrom(bytes.get(bytes.size() - 1)));
    }
  }

  /** What became of some graphs: how many were used and refused, the rest by what they threw. */
  record Counts(int used, int refused, Map<String, Integer> untyped, long slowestMillis) {}

  Counts run(long seed, int count) throws IOException {
    int used = 0;
    int refused = 0;
    long slowest = 0;
    Map<String, Integer> untyped = new TreeMap<>();
    for (int number = 0; number < count; number++) {
      long start = System.nanoTime();
      try {
        use(write(seed, number), number);
        used++;
      } catch (ModelFormatException | UnsupportedModelException e) {
        refused++;
      } catch (IOException | RuntimeException | Error e) {
        String where = Arrays.stream(e.getStackTrace()).limit(4).toList().toString();
        untyped.merge("graph " + number + ": " + e + " " + where, 1, Integer::sum);
      }
      slowest = Math.max(slowest, (System.nanoTime() - start) / 1_000_000);
    }
    return new Counts(used, refused, untyped, slowest);
  }

  /** Writes the graph of that number in place of its original. */
  Path write(long seed, int number) throws IOException {
    Random random = new Random(seed * 1_000_003 + number);
    int which = random.nextInt(originals.size());
    byte[] broken =
        random.nextBoolean()
            ? bytes(bytes.get(which).clone(), random)
            : fields(models.get(which), random).toByteArray();
    return Files.write(originals.get(which), broken);
  }

  /** The two ways to read a file take turns, and so do the forms of gates. */
  private static void use(Path file, int number) throws IOException {
    long small = number % 2 == 0 ? Long.MAX_VALUE : 0;
    ResidualStream stream = ResidualStream.find(OnnxGraph.read(file, small));
    ConditionForm form = FORMS.get(number % FORMS.size());
    GatedGraph.of(stream, form).modelBytes();
    GatedGraph.withCaches(stream, form).modelBytes();
    if (stream.layerCount() > 1) {
      int layer = number % stream.layerCount();
      new ExcisedGraph(stream, LayerMask.of(stream.layerCount(), layer)).build(tensor -> tensor);
    }
  }

  private static byte[] bytes(byte[] bytes, Random random) {
    for (int flips = random.nextInt(5); flips > 0; flips--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> moved(bytes, random);
      default -> bytes;
    };
  }

  /** Some bytes are written over others. */
  private static byte[] moved(byte[] bytes, Random random) {
    int length = 1 + random.nextInt(64);
    int from = random.nextInt(bytes.length - length);
    System.arraycopy(bytes, from, bytes, random.nextInt(bytes.length - length), length);
    return bytes;
  }

  private static Message fields(ModelProto model, Random random) {
    Message broken = model;
    for (int times = 1 + random.nextInt(3); times > 0; times--) {
      broken = field(broken, random, broken);
    }
    return broken;
  }

  /** Walks to a field and changes it. */
  private static Message field(Message message, Random random, Message whole) {
    List<FieldDescriptor> set = new ArrayList<>(message.getAllFields().keySet());
    if (set.isEmpty()) {
      return message;
    }
    FieldDescriptor field = set.get(random.nextInt(set.size()));
    Message.Builder builder = message.toBuilder();
    if (random.nextInt(20) == 0) {
      return builder.clearField(field).build();
    }
    if (!field.isRepeated()) {
      return builder.setField(field, value(field, message.getField(field), random, whole)).build();
    }
    int count = message.getRepeatedFieldCount(field);
    int at = random.nextInt(count);
    Object element = message.getRepeatedField(field, at);
    switch (random.nextInt(10)) {
      case 0 -> builder.addRepeatedField(field, element);
      case 1 -> {
        List<Object> kept = new ArrayList<>((List<?>) message.getField(field));
        kept.remove(at);
        builder.setField(field, kept);
      }
      case 2 -> {
        int other = random.nextInt(count);
        builder.setRepeatedField(field, at, message.getRepeatedField(field, other));
        builder.setRepeatedField(field, other, element);
      }
      default -> builder.setRepeatedField(field, at, value(field, element, random, whole));
    }
    return builder.build();
  }

  private static Object value(FieldDescriptor field, Object old, Random random, Message whole) {
    Object number = NUMBERS.get(random.nextInt(NUMBERS.size()));
    return switch (field.getJavaType()) {
      case MESSAGE -> field((Message) old, random, whole);
      case LONG -> number;
      case INT -> ((Long) number).intValue();
      case FLOAT -> random.nextBoolean() ? Float.NaN : ((Long) number).floatValue();
      case DOUBLE -> ((Long) number).doubleValue();
      case STRING -> random.nextInt(4) == 0 ? "" : anyString((ModelProto) whole, random);
      case BYTE_STRING -> ByteString.copyFrom(bytes(padded((ByteString) old), random));
      case ENUM -> field.getEnumType().getValues().get(0);
      case BOOLEAN -> !(Boolean) old;
    };
  }

  private static byte[] padded(ByteString old) {
    return Arrays.copyOf(old.toByteArray(), Math.max(128, old.size()));
  }

  /** Returns some name or operator of the graph, so that what is broken still has a meaning. */
  private static String anyString(ModelProto model, Random random) {
    int count = model.getGraph().getNodeCount();
    if (count == 0) {
      return "none";
    }
    NodeProto node = model.getGraph().getNode(random.nextInt(count));
    List<String> names = new ArrayList<>(node.getInputList());
    names.addAll(node.getOutputList());
    names.add(node.getOpType());
    return names.get(random.nextInt(names.size()));
  }
}
