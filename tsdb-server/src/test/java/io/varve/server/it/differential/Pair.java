package io.varve.server.it.differential;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Varve and its peer, asked the same. */
record Pair(Backend varve, Backend peer) {

    /** A question with both answers. */
    record Asked(Question question, Answer varve, Answer peer) {
        /** How the answers differ, if by more than a relative tolerance. */
        Optional<String> difference(double tolerance) {
            return new Comparer(tolerance).compare(question, varve, peer);
        }
    }

    Asked ask(Question question, String prefix) {
        return new Asked(question, varve.ask(question, prefix), peer.ask(question, prefix));
    }

    List<Asked> ask(List<Question> questions, String prefix) {
        List<Answer> ours = varve.ask(questions, prefix);
        List<Answer> theirs = peer.ask(questions, prefix);
        return IntStream.range(0, questions.size())
                .mapToObj(i -> new Asked(questions.get(i), ours.get(i), theirs.get(i)))
                .toList();
    }

    void write(Dataset data, String prefix) {
        varve.write(data, prefix);
        peer.write(data, prefix);
    }
}
