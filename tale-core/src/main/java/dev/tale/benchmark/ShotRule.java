package dev.tale.benchmark;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tale.model.DataFormatException;
import dev.tale.task.Example;
import dev.tale.task.Shots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The shots that a description asks for.
 *
 * @param pool file with the rows to choose from
 * @param given rows to choose from, by the names that templates use
 * @param target what a shot answers, if it is not what the row's answer is
 */
record ShotRule(
    int count,
    boolean sampled,
    long seed,
    Optional<Path> pool,
    List<SourceRow> given,
    Optional<TextTemplate> target) {
  static final List<String> KEYS = List.of("count", "select", "seed", "pool", "examples", "target");
  private static final int MOST = 1000;
  static final ShotRule NONE =
      new ShotRule(0, false, 0, Optional.empty(), List.of(), Optional.empty());

  static ShotRule of(Setting setting) throws DataFormatException {
    Section section = Section.of("shots", setting, KEYS);
    List<SourceRow> given = given(section);
    if (section.has("pool")) {
      section.refuse("beside pool", "examples");
    }
    Optional<Setting> target = section.find("target");
    boolean sampled =
        section.oneOf("select", "first", List.of("first", "sampled")).equals("sampled");
    if (!sampled) {
      section.refuse("where the first are taken", "seed");
    }
    return new ShotRule(
        (int) section.number("count", given.size(), 0, given.isEmpty() ? MOST : given.size()),
        sampled,
        section.number("seed", 1234, Long.MIN_VALUE, Long.MAX_VALUE),
        section.has("pool") ? Optional.of(beside(section.require("pool"))) : Optional.empty(),
        given,
        target.isPresent()
            ? Optional.of(TextTemplate.of("shots.target", target.get()))
            : Optional.empty());
  }

  /** A file that a description names, relative to the description. */
  static Path beside(Setting setting) throws DataFormatException {
    return setting.place().file().resolveSibling(setting.text("A file"));
  }

  private static List<SourceRow> given(Section section) throws DataFormatException {
    List<SourceRow> rows = new ArrayList<>();
    if (section.has("examples")) {
      for (Setting example : section.require("examples").items("examples")) {
        rows.add(row(example));
      }
    }
    return List.copyOf(rows);
  }

  private static SourceRow row(Setting example) throws DataFormatException {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, Setting> field : example.keys("An example").keys().entrySet()) {
      if (field.getValue() instanceof Setting.Items items) {
        for (Setting item : items.items()) {
          fields.withArray(field.getKey()).add(item.text("An item of " + field.getKey()));
        }
      } else {
        fields.put(field.getKey(), field.getValue().text(field.getKey()));
      }
    }
    return new SourceRow(example.place().file(), "line " + example.place().line(), fields);
  }

  ShotRule with(int newCount, Path newPool) {
    return new ShotRule(newCount, sampled, seed, Optional.of(newPool), List.of(), target);
  }

  Shots of(List<Example> examples) {
    return sampled ? Shots.sampled(count, seed, examples) : Shots.first(count, examples);
  }
}
