package dev.tale.onnx.checkpoint.gguf;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tale.model.ModelFormatException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The vocabulary of a file as {@code tokenizer.json} and {@code tokenizer_config.json}: of model
 * {@code gpt2}, byte-level BPE, whose texts are split as {@code tokenizer.ggml.pre} names, and of
 * model {@code llama}, SentencePiece's BPE ({@link SentencePieces}). Texts get the tokens that
 * llama.cpp gives them: special ones at their ends as the metadata says, or as is usual where it
 * says nothing; and no Unicode normal form, which files do not tell, though Qwen's own tokenizer
 * brings texts into NFC.
 */
final class GgufTokenizer {
  private static final String KEYS = "tokenizer.ggml.";

  /** Types of tokens. */
  private static final long UNKNOWN = 2;

  private static final long CONTROL = 3;
  private static final long USER_DEFINED = 4;

  /** Numbers up to three digits are pieces, or single digits. */
  private static final String WORDS =
      "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}%s"
          + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

  private static final String GPT2 = "gpt-2";
  private static final String SMOLLM = "smollm";
  private static final String LLAMA3 = "llama-bpe";
  private static final String QWEN2 = "qwen2";

  /** Ways to split texts, by their names in files. */
  private static final ImmutableMap<String, String> SPLITS =
      ImmutableMap.<String, String>builder()
          .put("gpt-2", GPT2)
          .put("gpt2", GPT2)
          .put("smollm", SMOLLM)
          .put("llama-bpe", LLAMA3)
          .put("llama3", LLAMA3)
          .put("llama-v3", LLAMA3)
          .put("qwen2", QWEN2)
          .put("deepseek-r1-qwen", QWEN2)
          .buildOrThrow();

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final GgufMetadata metadata;
  private final String model;
  private final List<String> tokens;
  private final List<Long> types;

  GgufTokenizer(GgufFile file) throws ModelFormatException {
    metadata = new GgufMetadata(file);
    model =
        metadata
            .text(KEYS + "model")
            .orElseThrow(() -> metadata.source().malformed("has no " + KEYS + "model"));
    if (!model.equals("gpt2") && !model.equals("llama")) {
      throw metadata
          .source()
          .unsupported(
              KEYS
                  + "model is "
                  + model
                  + "; known are gpt2 (byte-level BPE) and llama (SentencePiece). Prune the Hugging"
                  + " Face folder that the file was made of");
    }
    tokens = metadata.list(KEYS + "tokens", String.class, "texts");
    types = metadata.list(KEYS + "token_type", Long.class, "numbers");
    check();
  }

  private void check() throws ModelFormatException {
    if (tokens.isEmpty()) {
      throw metadata.source().malformed("has no " + KEYS + "tokens, or none in the list");
    }
    if (!types.isEmpty() && types.size() != tokens.size()) {
      throw metadata
          .source()
          .malformed("has %d tokens and %d types of tokens".formatted(tokens.size(), types.size()));
    }
    Set<String> distinct = new HashSet<>();
    for (String token : tokens) {
      if (!distinct.add(token)) {
        throw metadata.source().malformed("has the token \"" + token + "\" twice");
      }
    }
  }

  /**
   * The file {@code tokenizer.json}.
   *
   * @throws ModelFormatException if merges or scores are missing or do not fit the tokens
   * @throws dev.tale.model.UnsupportedModelException if texts are split in an unknown way
   */
  ObjectNode tokenizer() throws ModelFormatException {
    ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
    tokenizer.putNull("truncation");
    tokenizer.putNull("padding");
    tokenizer.set("added_tokens", addedTokens());
    if (model.equals("gpt2")) {
      byteLevel(tokenizer);
    } else {
      sentencePieces(tokenizer);
    }
    tokenizer.set("post_processor", postProcessor());
    return tokenizer;
  }

  private ArrayNode addedTokens() {
    ArrayNode added = JSON.createArrayNode();
    for (int token = 0; token < types.size(); token++) {
      long type = types.get(token);
      if (type == CONTROL || type == USER_DEFINED || (type == UNKNOWN && model.equals("llama"))) {
        added
            .addObject()
            .put("id", token)
            .put("content", tokens.get(token))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", type != USER_DEFINED);
      }
    }
    return added;
  }

  private void byteLevel(ObjectNode tokenizer) throws ModelFormatException {
    String split = split();
    tokenizer.putNull("normalizer");
    tokenizer.set("pre_tokenizer", preTokenizer(split));
    tokenizer.set("decoder", byteLevel(true));
    ObjectNode bpe = bpe(tokenizer).put("byte_fallback", false).put("fuse_unk", false);
    bpe.putNull("unk_token");
    bpe.put("ignore_merges", split.equals(LLAMA3));
    ArrayNode merges = bpe.putArray("merges");
    for (String merge : metadata.list(KEYS + "merges", String.class, "texts")) {
      merges.add(merge);
    }
    if (merges.isEmpty()) {
      throw metadata.source().malformed("has no " + KEYS + "merges, which a BPE model needs");
    }
  }

  private String split() throws ModelFormatException {
    String name = metadata.text(KEYS + "pre").orElse("missing");
    String split = SPLITS.get(name);
    if (split == null) {
      throw metadata
          .source()
          .unsupported(
              KEYS
                  + "pre, the way to split texts, is "
                  + name
                  + "; known are "
                  + SPLITS.keySet()
                  + ". Prune the Hugging Face folder that the file was made of");
    }
    return split;
  }

  private static ObjectNode preTokenizer(String split) {
    if (split.equals(GPT2)) {
      return byteLevel(true);
    }
    ObjectNode sequence = JSON.createObjectNode().put("type", "Sequence");
    ArrayNode steps = sequence.putArray("pretokenizers");
    if (split.equals(SMOLLM)) {
      steps.addObject().put("type", "Digits").put("individual_digits", true);
      steps.add(byteLevel(true));
      return sequence;
    }
    ObjectNode words = steps.addObject().put("type", "Split");
    words.putObject("pattern").put("Regex", WORDS.formatted(split.equals(LLAMA3) ? "{1,3}" : ""));
    words.put("behavior", "Isolated").put("invert", false);
    steps.add(byteLevel(false));
    return sequence;
  }

  private static ObjectNode byteLevel(boolean splits) {
    return JSON.createObjectNode()
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", false)
        .put("use_regex", splits);
  }

  private ObjectNode bpe(ObjectNode tokenizer) {
    ObjectNode bpe = tokenizer.putObject("model").put("type", "BPE");
    bpe.putNull("dropout");
    bpe.putNull("continuing_subword_prefix");
    bpe.putNull("end_of_word_suffix");
    ObjectNode vocabulary = bpe.putObject("vocab");
    for (int token = 0; token < tokens.size(); token++) {
      vocabulary.put(tokens.get(token), token);
    }
    return bpe;
  }

  private void sentencePieces(ObjectNode tokenizer) throws ModelFormatException {
    boolean space = metadata.flag(KEYS + "add_space_prefix").orElse(true);
    SentencePieces.putSteps(tokenizer, space);
    ObjectNode bpe = bpe(tokenizer).put("byte_fallback", true).put("fuse_unk", true);
    bpe.put("ignore_merges", false);
    Optional<String> unknown = special("unknown_token_id");
    int first = types.indexOf(UNKNOWN);
    bpe.put("unk_token", unknown.orElse(first < 0 ? null : tokens.get(first)));
    List<Double> scores = metadata.list(KEYS + "scores", Double.class, "numbers");
    if (scores.size() != tokens.size()) {
      throw metadata
          .source()
          .malformed("has %d tokens and %d scores".formatted(tokens.size(), scores.size()));
    }
    ArrayNode merges = bpe.putArray("merges");
    SentencePieces.merges(tokens, scores)
        .forEach(merge -> merges.addArray().add(merge.left()).add(merge.right()));
  }

  private ObjectNode postProcessor() throws ModelFormatException {
    ImmutableList.Builder<String> before = ImmutableList.builder();
    ImmutableList.Builder<String> after = ImmutableList.builder();
    if (addsBeginning()) {
      before.add(required("bos_token_id", "add_bos_token"));
    }
    if (metadata.flag(KEYS + "add_eos_token").orElse(false)) {
      after.add(required("eos_token_id", "add_eos_token"));
    }
    return before.build().isEmpty() && after.build().isEmpty()
        ? byteLevel(true).put("add_prefix_space", true)
        : template(before.build(), after.build());
  }

  private ObjectNode template(List<String> before, List<String> after) {
    ObjectNode template = JSON.createObjectNode().put("type", "TemplateProcessing");
    ObjectNode special = JSON.createObjectNode();
    for (String side : List.of("single", "pair")) {
      ArrayNode steps = template.putArray(side);
      for (String text : side.equals("pair") ? List.of("A", "B") : List.of("A")) {
        int type = text.equals("A") ? 0 : 1;
        before.forEach(token -> step(steps, "SpecialToken", token, type));
        step(steps, "Sequence", text, type);
        after.forEach(token -> step(steps, "SpecialToken", token, type));
      }
    }
    for (String token : ImmutableList.<String>builder().addAll(before).addAll(after).build()) {
      ObjectNode entry = special.putObject(token).put("id", token);
      entry.putArray("ids").add(tokens.indexOf(token));
      entry.putArray("tokens").add(token);
    }
    template.set("special_tokens", special);
    return template;
  }

  private static void step(ArrayNode steps, String kind, String id, int type) {
    steps.addObject().putObject(kind).put("id", id).put("type_id", type);
  }

  private boolean addsBeginning() throws ModelFormatException {
    Optional<Boolean> says = metadata.flag(KEYS + "add_bos_token");
    return says.isPresent() ? says.get() : model.equals("llama") || split().equals(LLAMA3);
  }

  private String required(String id, String because) throws ModelFormatException {
    return special(id)
        .orElseThrow(
            () ->
                metadata
                    .source()
                    .malformed(KEYS + because + " holds, but " + KEYS + id + " is missing"));
  }

  /** A special token by the key of its number. */
  private Optional<String> special(String key) throws ModelFormatException {
    Optional<Long> token = metadata.integer(KEYS + key);
    if (token.isPresent() && (token.get() < 0 || token.get() >= tokens.size())) {
      throw metadata
          .source()
          .malformed(
              KEYS + key + " is " + token.get() + ", but there are " + tokens.size() + " tokens");
    }
    return token.map(number -> tokens.get(number.intValue()));
  }

  /** The file {@code tokenizer_config.json}. */
  ObjectNode config() throws ModelFormatException {
    ObjectNode config = JSON.createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("clean_up_tokenization_spaces", false);
    config.put("add_bos_token", addsBeginning());
    config.put("add_eos_token", metadata.flag(KEYS + "add_eos_token").orElse(false));
    special("bos_token_id").ifPresent(token -> config.put("bos_token", token));
    special("eos_token_id").ifPresent(token -> config.put("eos_token", token));
    special("unknown_token_id").ifPresent(token -> config.put("unk_token", token));
    special("padding_token_id").ifPresent(token -> config.put("pad_token", token));
    metadata
        .text("tokenizer.chat_template")
        .ifPresent(template -> config.put("chat_template", template));
    return config;
  }

  /** The file {@code generation_config.json}: the tokens that end an answer, or the user's turn. */
  ObjectNode generation() throws ModelFormatException {
    ObjectNode generation = JSON.createObjectNode();
    ArrayNode ends = generation.putArray("eos_token_id");
    for (String key : List.of("eos_token_id", "eot_token_id")) {
      if (special(key).isPresent()) {
        ends.add(tokens.indexOf(special(key).orElseThrow()));
      }
    }
    return generation;
  }
}
