package dev.tale.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.Sets;
import dev.tale.model.DataFormatException;
import dev.tale.text.ExpressionException;
import dev.tale.text.Regex;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a field of the templates comes from a row. */
sealed interface FieldRule {
  /** The keys of a field that is a mapping. */
  List<String> KEYS = List.of("list", "each", "file_name");

  /** The paths of what a row must have for this. */
  Set<String> needs();

  Object value(SourceRow row) throws DataFormatException;

  /**
   * A path, a template over the row, a list of these or of another list, or from the file's name.
   */
  static FieldRule of(String name, Setting setting, Map<String, UnaryOperator<String>> functions)
      throws DataFormatException {
    if (setting instanceof Setting.Items list) {
      List<FieldRule> rules = new ArrayList<>();
      for (Setting item : list.items()) {
        rules.add(of("An item of field " + name, item, functions));
      }
      return new AllOf(List.copyOf(rules));
    }
    if (setting instanceof Setting.Keys) {
      return ofKeys(Section.of("Field " + name, setting, KEYS), functions);
    }
    String text = setting.text("Field " + name);
    return TextTemplate.isTemplate(text)
        ? new Filled(TextTemplate.of("field " + name, setting), functions)
        : new At(FieldPath.of(text));
  }

  private static FieldRule ofKeys(Section section, Map<String, UnaryOperator<String>> functions)
      throws DataFormatException {
    if (section.has("file_name")) {
      section.refuse("beside file_name", "list", "each");
      return new FileName(TextFunction.pattern(section.require("file_name"), "file_name"));
    }
    FieldPath list = FieldPath.of(section.text("list"));
    TextTemplate each = TextTemplate.of("each", section.require("each"));
    return new EachOf(new At(list), each, functions);
  }

  /** The value at a path. */
  record At(FieldPath path) implements FieldRule {
    @Override
    public Set<String> needs() {
      return Set.of(path.text());
    }

    @Override
    public Object value(SourceRow row) throws DataFormatException {
      JsonNode node = path.find(row.fields()).orElse(null);
      if (node == null) {
        throw row.refused(path.text() + " is missing; add it");
      }
      return row.value(path.text(), node);
    }
  }

  /** A template over the fields of the row as it is in the file. */
  record Filled(TextTemplate template, Map<String, UnaryOperator<String>> functions)
      implements FieldRule {
    @Override
    public Set<String> needs() {
      return Sets.difference(template.names(), functions.keySet());
    }

    @Override
    public Object value(SourceRow row) throws DataFormatException {
      return template.render(row, TextFunction.withFunctions(row.values(), functions));
    }
  }

  /** What a template makes of each item of a list, which it calls {@code item}. */
  record EachOf(At list, TextTemplate each, Map<String, UnaryOperator<String>> functions)
      implements FieldRule {
    @Override
    public Set<String> needs() {
      return list.needs();
    }

    @Override
    public Object value(SourceRow row) throws DataFormatException {
      if (!(list.value(row) instanceof List<?> items)) {
        throw row.refused(list.path().text() + " must be a list; mend the row");
      }
      Map<String, Object> values = TextFunction.withFunctions(row.values(), functions);
      List<Object> texts = new ArrayList<>(items.size());
      for (Object item : items) {
        values.put("item", item);
        texts.add(each.render(row, values));
      }
      return texts;
    }
  }

  /** The list of what several rules give. */
  record AllOf(List<FieldRule> rules) implements FieldRule {
    @Override
    public Set<String> needs() {
      return rules.stream()
          .flatMap(rule -> rule.needs().stream())
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    public Object value(SourceRow row) throws DataFormatException {
      List<Object> values = new ArrayList<>(rules.size());
      for (FieldRule rule : rules) {
        values.add(rule.value(row));
      }
      return values;
    }
  }

  /** The first group of an expression that the name of the file, without its ending, matches. */
  record FileName(Regex pattern) implements FieldRule {
    @Override
    public Set<String> needs() {
      return Set.of();
    }

    @Override
    public Object value(SourceRow row) throws DataFormatException {
      String name = row.file().getFileName().toString().replaceFirst("\\.[^.]*$", "");
      List<@Nullable String> match = match(row, name);
      String found = match == null || match.size() == 1 ? null : match.get(1);
      if (found != null) {
        return found;
      }
      throw row.refused(
          "the file's name "
              + name
              + " does not match "
              + pattern
              + ", from which a field is taken; name the file so");
    }

    private @Nullable List<@Nullable String> match(SourceRow row, String name)
        throws DataFormatException {
      try {
        return pattern.whole(name);
      } catch (ExpressionException e) {
        throw row.refused("file_name: " + e.getMessage());
      }
    }
  }
}
