package dev.tale.onnx.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import dev.tale.model.LayerMask;
import dev.tale.model.ModelFormatException;
import dev.tale.model.Request;
import dev.tale.model.Response;
import dev.tale.model.UnsupportedModelException;
import dev.tale.onnx.Device;
import dev.tale.onnx.OnnxModel;
import dev.tale.onnx.families.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePoolingTest {
  private static final String USUAL = "1_Pooling/config.json";
  private static final String MEAN = "{\"pooling_mode_mean_tokens\": true}";
  private static final String CLS =
      "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": false}";
  private static final String NEW_CLS =
      "{\"embedding_dimension\": 32, \"pooling_mode\": \"cls\", \"include_prompt\": true}";

  private static final List<Request> PAIRS =
      List.of(
          new Request.Similarity("a cat", "the quick dog"),
          new Request.Similarity("", "a house and a garden"));

  @TempDir Path scratch;
  private Path directory;

  @BeforeEach
  void copyModel() throws IOException {
    directory = Files.createDirectory(scratch.resolve("bert"));
    Path original = Fixtures.named("bert-torchscript").directory();
    for (Path file : MoreFiles.listFiles(original)) {
      Files.copy(file, directory.resolve(file.getFileName().toString()));
    }
  }

  private void write(String file, String text) throws IOException {
    Path target = directory.resolve(file);
    Files.createDirectories(target.getParent());
    Files.writeString(target, text);
  }

  /** Names the steps as sentence-transformers does, with the pooling in that folder. */
  private void modules(String folder) throws IOException {
    write(
        "modules.json",
        """
        [{"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "path": "%s", "type": "sentence_transformers.models.Pooling"},
         {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
        """
            .formatted(folder));
  }

  private OnnxModel open() throws IOException {
    return OnnxModel.builder(directory).device(Device.cpu(1)).open();
  }

  private List<Response> answers() throws IOException {
    try (OnnxModel model = open()) {
      return answers(model, LayerMask.none(4));
    }
  }

  private static List<Response> answers(OnnxModel model, LayerMask mask) {
    return model.respond(PAIRS, List.of(mask)).get(0);
  }

  private List<Response> answersBy(String pooling) throws IOException {
    write(USUAL, pooling);
    return answers();
  }

  @Test
  void withoutAFileItIsTheMean() throws IOException {
    List<Response> mean = answers();
    assertThat(answersBy(MEAN)).isEqualTo(mean);
    assertThat(answersBy(CLS)).isNotEqualTo(mean);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"pooling_mode_mean_sqrt_len_tokens\": true}",
        "{\"pooling_mode_mean_tokens\": true, \"pooling_mode_max_tokens\": false}",
        "{\"embedding_dimension\": 32, \"pooling_mode\": \"mean\", \"include_prompt\": true}",
        "{\"pooling_mode\": \"mean_sqrt_len_tokens\"}",
        "{\"pooling_mode\": [\"mean\"]}"
      })
  void formsOfTheMean(String pooling) throws IOException {
    assertThat(answersBy(pooling)).isEqualTo(answersBy(MEAN));
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW_CLS, "{\"pooling_mode\": [\"cls\"]}"})
  void formsOfTheFirstToken(String pooling) throws IOException {
    assertThat(answersBy(pooling)).isEqualTo(answersBy(CLS)).isNotEqualTo(answersBy(MEAN));
  }

  @Test
  void modulesNameTheFolder() throws IOException {
    List<Response> mean = answers();
    write(USUAL, MEAN);
    write("pool/config.json", NEW_CLS);
    modules("1_Pooling");
    assertThat(answers()).isEqualTo(mean);
    modules("pool");
    assertThat(answers()).isNotEqualTo(mean);
  }

  @Test
  void aPoolingThatModulesNameAndThatIsAbsentIsNotGuessed() throws IOException {
    modules("pool");
    write(USUAL, MEAN);
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(
            directory.resolve("pool").resolve("config.json").toString(),
            "is absent",
            directory.resolve("modules.json").toString(),
            "Copy the folder pool");
  }

  @Test
  void modulesWithoutAPoolingLeaveItToTheUsualFolder() throws IOException {
    List<Response> mean = answers();
    write("modules.json", "[{\"type\": \"sentence_transformers.models.Transformer\"}]");
    assertThat(answers()).isEqualTo(mean);
    assertThat(answersBy(NEW_CLS)).isNotEqualTo(mean);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"pooling_mode_lasttoken\": true}",
        "{\"pooling_mode_cls_token\": true, \"pooling_mode_mean_tokens\": true}",
        "{\"pooling_mode_max_tokens\": true}",
        "{\"pooling_mode_mean_tokens\": false}",
        "{\"word_embedding_dimension\": 32}",
        "{}"
      })
  void anOlderFileThatNamesNoPoolingOrAnotherIsRefused(String pooling) throws IOException {
    write(USUAL, pooling);
    assertThatThrownBy(this::open)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            directory.resolve(USUAL).toString(),
            "pooling_mode_mean_tokens",
            "pooling_mode_cls_token",
            "use another model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"max", "lasttoken", "weightedmean", "CLS", ""})
  void anotherModeIsRefusedByName(String mode) throws IOException {
    write(USUAL, "{\"pooling_mode\": \"%s\", \"pooling_mode_mean_tokens\": true}".formatted(mode));
    assertThatThrownBy(this::open)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(
            directory.resolve(USUAL).toString(),
            "pools by [" + mode + "]",
            "[mean, mean_sqrt_len_tokens, cls]",
            "use another model");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"mean\", \"cls\"]", "[]", "null", "true", "{\"cls\": true}"})
  void severalModesOrNoneAreRefused(String modes) throws IOException {
    write(USUAL, "{\"pooling_mode\": %s}".formatted(modes));
    assertThatThrownBy(this::open)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("exactly one of [mean, mean_sqrt_len_tokens, cls]");
  }

  @Test
  void aStepThatChangesTheEmbeddingIsRefused() throws IOException {
    write("modules.json", "[{\"type\": \"sentence_transformers.models.Dense\"}]");
    assertThatThrownBy(this::open)
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll("modules.json", "models.Dense", "Normalize");
  }

  @ParameterizedTest
  @ValueSource(strings = {USUAL, "modules.json"})
  void aFileThatIsNotJsonIsMalformed(String file) throws IOException {
    write(file, "{");
    assertThatThrownBy(this::open)
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContainingAll(
            directory.resolve(file).toString(), "fetch or export the model again");
  }

  @Test
  void theHashDependsOnThePooling() throws IOException {
    String mean = hash();
    write(USUAL, MEAN);
    assertThat(hash()).isEqualTo(mean);
    write(USUAL, CLS);
    String cls = hash();
    assertThat(cls).isNotEqualTo(mean);
    write(USUAL, NEW_CLS);
    assertThat(hash()).isEqualTo(cls);
  }

  private String hash() throws IOException {
    try (OnnxModel model = open()) {
      return model.info().contentHash();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1_Pooling", "pool"})
  void anExportedModelPoolsAsTheOriginal(String folder) throws IOException {
    modules(folder);
    write(folder + "/config.json", NEW_CLS);
    LayerMask mask = LayerMask.of(4, 1, 2);
    try (OnnxModel model = open()) {
      Path out = scratch.resolve("out");
      model.exporter().orElseThrow().export(mask, out, Map.of(), PAIRS);
      try (OnnxModel written = OnnxModel.builder(out).device(Device.cpu(1)).open()) {
        assertThat(answers(written, LayerMask.none(2))).isEqualTo(answers(model, mask));
      }
    }
  }
}
