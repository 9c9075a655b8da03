package dev.tale.benchmark;

import com.google.common.collect.ImmutableSet;
import java.util.Set;

/** The four groups into which MMLU sorts its 57 subjects. */
public enum MmluGroup {
  /** Science, technology, engineering and mathematics. */
  STEM(
      "abstract_algebra",
      "anatomy",
      "astronomy",
      "college_biology",
      "college_chemistry",
      "college_computer_science",
      "college_mathematics",
      "college_physics",
      "computer_security",
      "conceptual_physics",
      "electrical_engineering",
      "elementary_mathematics",
      "high_school_biology",
      "high_school_chemistry",
      "high_school_computer_science",
      "high_school_mathematics",
      "high_school_physics",
      "high_school_statistics",
      "machine_learning"),
  /** History, law, philosophy and the like. */
  HUMANITIES(
      "formal_logic",
      "high_school_european_history",
      "high_school_us_history",
      "high_school_world_history",
      "international_law",
      "jurisprudence",
      "logical_fallacies",
      "moral_disputes",
      "moral_scenarios",
      "philosophy",
      "prehistory",
      "professional_law",
      "world_religions"),
  /** Economics, politics, psychology and the like. */
  SOCIAL_SCIENCES(
      "econometrics",
      "high_school_geography",
      "high_school_government_and_politics",
      "high_school_macroeconomics",
      "high_school_microeconomics",
      "high_school_psychology",
      "human_sexuality",
      "professional_psychology",
      "public_relations",
      "security_studies",
      "sociology",
      "us_foreign_policy"),
  /** Business, medicine and the rest. */
  OTHER(
      "business_ethics",
      "clinical_knowledge",
      "college_medicine",
      "global_facts",
      "human_aging",
      "management",
      "marketing",
      "medical_genetics",
      "miscellaneous",
      "nutrition",
      "professional_accounting",
      "professional_medicine",
      "virology");

  private final ImmutableSet<String> subjects;

  MmluGroup(String... subjects) {
    this.subjects = ImmutableSet.copyOf(subjects);
  }

  /** Returns the names of the subjects, as files and rows have them. */
  public Set<String> subjects() {
    return subjects;
  }
}
