package io.varve.server.it.differential;

import java.util.List;

/** Something that takes samples and answers questions about them. */
interface Backend {

    /** Answers of several questions, in their order. */
    List<Answer> ask(List<Question> questions, String prefix);

    /** Takes a data set under a name of its own. */
    void write(Dataset data, String prefix);

    default Answer ask(Question question, String prefix) {
        return ask(List.of(question), prefix).get(0);
    }
}
