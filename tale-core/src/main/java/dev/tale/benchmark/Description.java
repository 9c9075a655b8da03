package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.task.DataSplit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The description of a task, checked.
 *
 * @param split the part of the data set that every file is; empty if the files' names say it
 * @param data the file with the rows, if the description names it
 */
record Description(
    String name,
    Place place,
    List<Schema> schemas,
    RowForm form,
    TaskStyle style,
    ShotRule shots,
    Optional<DataSplit> split,
    Optional<Path> data) {
  static final List<String> KEYS =
      List.of(
          "base",
          "name",
          "type",
          "data",
          "split",
          "schemas",
          "columns",
          "fields",
          "id",
          "check",
          "functions",
          "description",
          "prompt",
          "choices",
          "contexts",
          "continuation",
          "target",
          "answer",
          "target_delimiter",
          "shot_delimiter",
          "metric",
          "extraction",
          "stops",
          "max_new_tokens",
          "shots",
          "chat");
  private static final List<String> SPLITS = List.of("train", "validation", "test", "unspecified");
  private static final Set<String> OF_OPTIONS = Set.of("options", "letter", "number", "text");

  static Description of(Setting.Keys keys) throws DataFormatException {
    Section section = Section.of("The description", keys, KEYS);
    boolean generates =
        section.oneOf("type", "", List.of("multiple_choice", "generation")).equals("generation");
    String name = section.text("name");
    section.require("type");
    if (name.isBlank()) {
      throw section.require("name").refused("name is blank; give the task a name");
    }
    Optional<Setting> shots = section.find("shots");
    Map<String, UnaryOperator<String>> functions = functions(section);
    Description description =
        new Description(
            name,
            section.place(),
            schemas(section, functions),
            form(section, generates, functions),
            TaskStyle.of(section, generates),
            shots.isPresent() ? ShotRule.of(shots.get()) : ShotRule.NONE,
            split(section),
            section.has("data")
                ? Optional.of(ShotRule.beside(section.require("data")))
                : Optional.empty());
    description.checkTargets();
    description.checkNames();
    return description;
  }

  private static List<Schema> schemas(Section section, Map<String, UnaryOperator<String>> functions)
      throws DataFormatException {
    if (!section.has("schemas")) {
      return List.of(Schema.of("rows", section, functions));
    }
    section.refuse("beside schemas", "columns", "fields", "id");
    List<Schema> schemas = new ArrayList<>();
    for (Setting schema : section.require("schemas").items("schemas")) {
      schemas.add(Schema.of(schema, functions));
    }
    return List.copyOf(schemas);
  }

  private static Optional<DataSplit> split(Section section) throws DataFormatException {
    return section.has("split")
        ? Optional.of(
            DataSplit.valueOf(section.oneOf("split", "", SPLITS).toUpperCase(Locale.ROOT)))
        : Optional.empty();
  }

  private static RowForm form(
      Section section, boolean generates, Map<String, UnaryOperator<String>> functions)
      throws DataFormatException {
    boolean severalContexts = section.has("contexts");
    if (severalContexts) {
      section.refuse("beside contexts", "prompt", "choices", "answer");
    } else {
      section.refuse("without contexts", "continuation");
      section.require("prompt");
    }
    if (generates && severalContexts) {
      throw section.require("contexts").refused("contexts have no meaning in generation");
    }
    if (!generates && !severalContexts) {
      section.require("choices");
    }
    if (!section.has("choices")) {
      section.refuse("without choices", "answer");
    }
    boolean positional = severalContexts || section.has("choices");
    return new RowForm(
        generates,
        functions,
        FieldCheck.all(section),
        template(section, "description"),
        template(section, "prompt"),
        templates(section, "contexts"),
        severalContexts
            ? Optional.of(TextTemplate.of("continuation", section.require("continuation")))
            : Optional.empty(),
        section.has("choices")
            ? Optional.of(ChoiceRule.of("choices", section.require("choices")))
            : Optional.empty(),
        positional ? position(section) : Optional.empty(),
        positional ? List.of() : references(section),
        AnswerForm.of(section.oneOf("answer", "text", AnswerForm.names())));
  }

  private static Optional<TargetRule> position(Section section) throws DataFormatException {
    return section.has("target")
        ? Optional.of(TargetRule.of(section.require("target")))
        : Optional.empty();
  }

  private static List<TextTemplate> references(Section section) throws DataFormatException {
    Setting target = section.require("target");
    return target instanceof Setting.Items
        ? templates(section, "target")
        : List.of(TextTemplate.of("target", target));
  }

  private static Optional<TextTemplate> template(Section section, String key)
      throws DataFormatException {
    return section.has(key)
        ? Optional.of(TextTemplate.of(key, section.require(key)))
        : Optional.empty();
  }

  private static List<TextTemplate> templates(Section section, String key)
      throws DataFormatException {
    List<TextTemplate> templates = new ArrayList<>();
    if (section.has(key)) {
      for (Setting item : section.require(key).items(key)) {
        templates.add(TextTemplate.of("an item of " + key, item));
      }
    }
    return List.copyOf(templates);
  }

  private static Map<String, UnaryOperator<String>> functions(Section section)
      throws DataFormatException {
    Map<String, UnaryOperator<String>> functions = new LinkedHashMap<>(TextFunction.STANDARD);
    if (section.has("functions")) {
      Setting.Keys keys = section.require("functions").keys("functions");
      for (Map.Entry<String, Setting> function : keys.keys().entrySet()) {
        functions.put(function.getKey(), TextFunction.of(function.getKey(), function.getValue()));
      }
    }
    return functions;
  }

  private void checkTargets() throws DataFormatException {
    if (!form.generates() && shots.target().isPresent()) {
      throw place.refused(
          "shots has target, which has no meaning in multiple choice; leave it out");
    }
    boolean positional = form.choices().isPresent() || !form.contexts().isEmpty();
    if (!positional || form.position().isPresent()) {
      return;
    }
    if (schemas.stream().anyMatch(schema -> schema.target().isEmpty())) {
      throw place.refused("the description lacks target; say where the right choice is");
    }
    if (!shots.given().isEmpty()) {
      throw place.refused("shots has examples, but the description lacks target; say it there too");
    }
  }

  /** Refuses templates with names that no row will have, before any row is read. */
  private void checkNames() throws DataFormatException {
    if (schemas.stream().anyMatch(schema -> schema.fields().isEmpty())) {
      return;
    }
    Set<String> known = new LinkedHashSet<>();
    schemas.forEach(schema -> known.addAll(schema.fields().keySet()));
    known.addAll(form.functions().keySet());
    known.addAll(OF_OPTIONS);
    for (TextTemplate template : form.templates()) {
      template.checkNames(known);
    }
  }
}
