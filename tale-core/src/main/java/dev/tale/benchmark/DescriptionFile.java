package dev.tale.benchmark;

import com.google.common.collect.ImmutableSetMultimap;
import dev.tale.files.RegularFile;
import dev.tale.model.DataFormatException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Finds and reads descriptions: files of the user's, and the built-in ones. */
final class DescriptionFile {
  /** The built-in descriptions; where the rows of a file fit several, the first is meant. */
  static final List<String> BUILT_IN =
      List.of(
          "arc_easy",
          "arc_challenge",
          "boolq",
          "commonsense_qa",
          "winogrande",
          "hellaswag",
          "mmlu",
          "bbh_boolean_expressions",
          "bbh_boolean_expressions_fewshot",
          "bbh_boolean_expressions_cot",
          "bbh_boolean_expressions_cot_fewshot",
          "bbh_boolean_expressions_choice",
          "bbh_date_understanding",
          "bbh_navigate",
          "bbh_object_counting",
          "bbh_web_of_lies",
          "bbh_word_sorting",
          "gsm8k",
          "gsm8k_strict",
          "gsm8k_cot_zeroshot",
          "gsm_hard",
          "math500",
          "math500_minerva");

  /** The built-in descriptions of chat forms. */
  private static final List<String> CHAT =
      List.of(
          "chat/arc_easy",
          "chat/arc_challenge",
          "chat/bbh_boolean_expressions",
          "chat/boolq",
          "chat/commonsense_qa",
          "chat/gsm8k",
          "chat/gsm_hard",
          "chat/math500",
          "chat/mmlu",
          "chat/winogrande");

  private static final long MOST_BYTES = 1 << 20;

  /** What a description that says one thing cannot mean to take from its base. */
  private static final ImmutableSetMultimap<String, String> REPLACES =
      ImmutableSetMultimap.<String, String>builder()
          .put("fields", "schemas")
          .put("columns", "schemas")
          .putAll("schemas", "columns", "fields", "id")
          .putAll("prompt", "contexts", "continuation")
          .putAll("contexts", "prompt", "choices", "answer")
          .putAll("type", "metric", "extraction", "stops", "max_new_tokens")
          .build();

  private static final Map<String, Description> READ = new ConcurrentHashMap<>();

  private DescriptionFile() {}

  /** A description of the user's own. */
  static Description read(Path file) throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".yaml") && !name.endsWith(".yml") && !name.endsWith(".json")) {
      throw new DataFormatException(
          file, "does not end in .yaml, .yml or .json; name the description so");
    }
    RegularFile.require("description", file);
    long bytes = Files.size(file);
    if (bytes > MOST_BYTES) {
      throw new DataFormatException(
          file, "has " + bytes + " bytes, but a description has at most " + MOST_BYTES);
    }
    return Description.of(withBase(SettingsParser.parse(file, text(file))));
  }

  private static String text(Path file) throws IOException {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new DataFormatException(file, "is not UTF-8; save it as UTF-8");
    }
  }

  /** A description that comes with Tale; {@code chat/} before the name is the chat form. */
  static Description builtIn(String name) {
    return READ.computeIfAbsent(name, DescriptionFile::readBuiltIn);
  }

  private static Description readBuiltIn(String name) {
    try {
      return Description.of(withBase(resource(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Setting.Keys resource(String name) throws IOException {
    String file = name + ".yaml";
    // Asked for here and not through a library: another module does not see this one's resources.
    try (InputStream text = DescriptionFile.class.getResourceAsStream(file)) {
      if (text == null) {
        throw new FileNotFoundException("Resource " + file + " is missing; build Tale again");
      }
      return SettingsParser.parse(
          Path.of(file), new String(text.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** What a description says, and, where it says nothing, what its base says. */
  private static Setting.Keys withBase(Setting.Keys keys) throws IOException {
    Setting base = keys.keys().get("base");
    if (base == null) {
      return keys;
    }
    String name = base.text("base");
    List<String> known = Stream.concat(BUILT_IN.stream(), CHAT.stream()).toList();
    if (!known.contains(name)) {
      throw base.refused(
          "base is \""
              + name
              + "\", which is no built-in task; did you mean "
              + Nearest.to(name, known)
              + "? There are "
              + String.join(", ", known));
    }
    Map<String, Setting> all = new LinkedHashMap<>(withBase(resource(name)).keys());
    keys.keys().keySet().forEach(key -> all.keySet().removeAll(REPLACES.get(key)));
    all.putAll(keys.keys());
    all.remove("base");
    return new Setting.Keys(keys.place(), all);
  }
}
