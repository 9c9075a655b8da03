package dev.tale.onnx.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Broken tokenizers, each made of a seed and a number: half of them in bytes, half in JSON. */
final class MutatedTokenizers {
  static final Path KINDS = Path.of("src", "test", "resources", "text", "kinds").toAbsolutePath();

  private static final List<String> NAMES =
      List.of(
          "gpt2",
          "llama3",
          "qwen2",
          "clip",
          "llama2",
          "mistral",
          "gemma",
          "phi3",
          "t5",
          "albert",
          "xlm-roberta",
          "deberta3",
          "bert",
          "mpnet",
          "roberta",
          "word-level");

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "2",
          "5",
          "100",
          "4294967295",
          "4294967296",
          "2147483647",
          "9223372036854775808",
          "1e308",
          "1e999",
          "0.5",
          "\"\"",
          "\" \"",
          "\"a\"",
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\"\u2581\"",
          "\"##\"",
          "\"<unk>\"",
          "[]",
          "{}",
          "[[]]",
          "{\"a\":0}",
          "{\"String\":\"\"}",
          "{\"String\":\" \"}",
          "{\"Regex\":\"\"}",
          "{\"Regex\":\"(a+)+$\"}",
          "{\"Regex\":\"\\\\s*\\\\s*\\\\s*x\"}",
          "{\"Regex\":\"a*\"}",
          "{\"Regex\":\"(?:.|\\\\n)*answer\"}",
          "{\"Regex\":\"(?<=a)|\\\\b\"}",
          "{\"Regex\":\"[\"}",
          "{\"Regex\":\"\\\\p{L}+\\\\p{L}+\\\\p{L}+9\"}",
          "{\"Regex\":\"(?=(\\\\d{3})+(?!\\\\d))\"}",
          "\"AAAA\"",
          "\"EAAAAP////////////////////8=\"",
          "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"aa\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\".\"},\"content\":\"\"}",
          "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\"[^a]\"},\"content\":\"  \"}",
          "{\"type\":\"Strip\",\"content\":\"a\",\"start\":9,\"stop\":9}",
          "{\"type\":\"Strip\",\"content\":\" \",\"start\":1,\"stop\":0}",
          "{\"type\":\"Strip\",\"strip_left\":true,\"strip_right\":true}",
          "{\"type\":\"Prepend\",\"prepend\":\" \"}",
          "{\"type\":\"Prepend\",\"prepend\":\"\"}",
          "{\"type\":\"NFD\"}",
          "{\"type\":\"NFC\"}",
          "{\"type\":\"NFKC\"}",
          "{\"type\":\"NFKD\"}",
          "{\"type\":\"StripAccents\"}",
          "{\"type\":\"Nmt\"}",
          "{\"type\":\"Lowercase\"}",
          "{\"type\":\"ByteLevel\"}",
          "{\"type\":\"WhitespaceSplit\"}",
          "{\"type\":\"Whitespace\"}",
          "{\"type\":\"UnicodeScripts\"}",
          "{\"type\":\"FixedLength\",\"length\":3}",
          "{\"type\":\"FixedLength\",\"length\":0}",
          "{\"type\":\"BertPreTokenizer\"}",
          "{\"type\":\"CharDelimiterSplit\",\"delimiter\":\"a\"}",
          "{\"type\":\"Digits\",\"individual_digits\":true}",
          "{\"type\":\"Punctuation\",\"behavior\":\"Contiguous\"}",
          "{\"type\":\"Punctuation\",\"behavior\":\"MergedWithNext\"}",
          "{\"type\":\"Metaspace\",\"replacement\":\"a\",\"prepend_scheme\":\"always\"}",
          "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true}",
          "{\"type\":\"BPEDecoder\",\"suffix\":\"\"}",
          "{\"type\":\"Fuse\"}",
          "{\"type\":\"CTC\",\"pad_token\":\"a\",\"word_delimiter_token\":\"|\",\"cleanup\":true}",
          "{\"type\":\"WordPiece\",\"prefix\":\"\",\"cleanup\":true}",
          "{\"type\":\"ByteFallback\"}",
          "{\"type\":\"Sequence\",\"decoders\":[],\"processors\":[],\"normalizers\":[]}",
          "{\"SpecialToken\":{\"id\":\"nope\",\"type_id\":0}}",
          "{\"Sequence\":{\"id\":\"B\",\"type_id\":0}}",
          "{\"Sequence\":{\"id\":\"A\",\"type_id\":7}}");

  private final long seed;
  private final List<byte[]> files = new ArrayList<>();
  private final List<JsonNode> parts = new ArrayList<>();

  MutatedTokenizers(long seed) throws IOException {
    this.seed = seed;
    for (String name : NAMES) {
      files.add(Files.readAllBytes(KINDS.resolve(name + ".json")));
      JsonNode tree = JSON.readTree(files.get(files.size() - 1));
      for (String part : List.of("normalizer", "pre_tokenizer", "post_processor", "decoder")) {
        parts.add(tree.get(part));
      }
    }
  }

  byte[] mutant(int number) throws IOException {
    Random random = new Random(seed * 1_000_003 + number);
    byte[] file = files.get(number / 2 % files.size());
    int changes = random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1;
    if (number % 2 == 0) {
      byte[] bytes = file;
      for (int i = 0; i < changes; i++) {
        bytes = changedBytes(bytes, random);
      }
      return bytes;
    }
    JsonNode tree = JSON.readTree(file);
    for (int i = 0; i < changes; i++) {
      change(tree, random);
    }
    return tree.toString().getBytes(UTF_8);
  }

  private static byte[] changedBytes(byte[] bytes, Random random) {
    if (bytes.length < 2) {
      return bytes;
    }
    // Vocabularies and merges are most of a file: half of the changes go to the rest.
    int place =
        random.nextBoolean()
            ? random.nextInt(bytes.length)
            : random.nextInt(Math.min(bytes.length, 2500));
    int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 8);
    int end = Math.min(bytes.length, place + length);
    byte[] head = Arrays.copyOf(bytes, place);
    byte[] middle = Arrays.copyOfRange(bytes, place, end);
    byte[] tail = Arrays.copyOfRange(bytes, end, bytes.length);
    byte[] nothing = {};
    return switch (random.nextInt(8)) {
      case 0 -> head;
      case 1 -> joined(head, nothing, tail);
      case 2 -> joined(head, joined(middle, middle, nothing), tail);
      case 3, 4 -> {
        byte[] changed = bytes.clone();
        changed[place] ^= (byte) (1 << random.nextInt(8));
        yield changed;
      }
      case 5 -> {
        byte[] changed = bytes.clone();
        changed[place] = (byte) any(" \",:{}[]0123456789-\\eEntf", random);
        yield changed;
      }
      case 6 -> joined(head, value(random).getBytes(UTF_8), joined(middle, tail, nothing));
      default -> {
        byte[] noise = new byte[middle.length];
        random.nextBytes(noise);
        yield joined(head, noise, tail);
      }
    };
  }

  private static byte[] joined(byte[] first, byte[] second, byte[] third) {
    byte[] all = Arrays.copyOf(first, first.length + second.length + third.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    System.arraycopy(third, 0, all, first.length + second.length, third.length);
    return all;
  }

  private static char any(String characters, Random random) {
    return characters.charAt(random.nextInt(characters.length()));
  }

  private static String value(Random random) {
    return VALUES.get(random.nextInt(VALUES.size()));
  }

  private void change(JsonNode tree, Random random) throws IOException {
    JsonNode parent = tree;
    // A walk down, so that small parts are met as often as vocabularies.
    for (int depth = random.nextInt(7); depth > 0; depth--) {
      JsonNode child = child(parent, random);
      if (child == null || !child.isContainerNode() || child.isEmpty()) {
        break;
      }
      parent = child;
    }
    if (parent instanceof ObjectNode object && !object.isEmpty()) {
      String name =
          new ArrayList<>(object.properties()).get(random.nextInt(object.size())).getKey();
      change(object, name, random);
    } else if (parent instanceof ArrayNode array && !array.isEmpty()) {
      change(array, random.nextInt(array.size()), random);
    }
  }

  private static JsonNode child(JsonNode parent, Random random) {
    if (parent.isEmpty()) {
      return null;
    }
    if (parent instanceof ObjectNode object) {
      List<Map.Entry<String, JsonNode>> members = new ArrayList<>(object.properties());
      return members.get(random.nextInt(members.size())).getValue();
    }
    return parent.get(random.nextInt(parent.size()));
  }

  private void change(ObjectNode object, String name, Random random) throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> object.remove(name);
      case 1 -> {
        JsonNode moved = object.remove(name);
        object.set(text(name, random), moved);
      }
      default -> object.set(name, changed(object.get(name), random));
    }
  }

  private void change(ArrayNode array, int index, Random random) throws IOException {
    switch (random.nextInt(6)) {
      case 0 -> array.remove(index);
      case 1 -> array.insert(index, array.get(random.nextInt(array.size())).deepCopy());
      case 2 -> array.insert(index, JSON.readTree(value(random)));
      default -> array.set(index, changed(array.get(index), random));
    }
  }

  private JsonNode changed(JsonNode value, Random random) throws IOException {
    int kind = random.nextInt(6);
    if (kind == 0 || (value.isContainerNode() && kind < 4)) {
      JsonNode part = parts.get(random.nextInt(parts.size()));
      boolean graft = value.isObject() && value.has("type") && random.nextBoolean();
      return graft ? part.deepCopy() : JSON.readTree(value(random));
    }
    if (value.isTextual()) {
      return JSON.getNodeFactory().textNode(text(value.textValue(), random));
    }
    if (value.isNumber()) {
      long number = value.asLong();
      long[] near = {number - 1, number + 1, -number, number * 2, number + 100};
      return JSON.getNodeFactory().numberNode(near[random.nextInt(near.length)]);
    }
    if (value.isBoolean()) {
      return JSON.getNodeFactory().booleanNode(!value.booleanValue());
    }
    return JSON.readTree(value(random));
  }

  private static String text(String text, Random random) {
    int place = random.nextInt(text.length() + 1);
    String head = text.substring(0, place);
    String tail = text.substring(place);
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> head;
      case 2 -> head + (tail.isEmpty() ? "" : tail.substring(1));
      case 3 -> head + any("+*?()[]{}|\\.^$ a1", random) + tail;
      case 4 -> text + text;
      case 5 -> "x".repeat(5000);
      case 6 ->
          head
              + new String[] {" ", "\ud83d\ude00", "\u0301", "\u0000", "\u2581", "##"}
                  [random.nextInt(6)]
              + tail;
      default -> tail + head;
    };
  }
}
