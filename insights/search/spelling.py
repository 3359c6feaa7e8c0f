"""How many changes turn one word into another."""


def is_near(word: str, other: str, edits: int) -> bool:
    """Whether at most ``edits`` changes turn one word into the other.

    A change adds, drops or replaces one character or swaps two neighbours; no piece is changed
    twice (the "optimal string alignment" distance, as in Damerau 1964).
    """
    if abs(len(word) - len(other)) > edits:
        return False
    if word == other:
        return True
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, left in enumerate(word, 1):
        earlier, before, row = before, row, [at]
        for column, right in enumerate(other, 1):
            cost = min(
                before[column] + 1, row[column - 1] + 1, before[column - 1] + (left != right)
            )
            if at > 1 and column > 1 and left == other[column - 2] and right == word[at - 2]:
                cost = min(cost, earlier[column - 2] + 1)
            row.append(cost)
        if min(row) > edits:
            return False
    return row[-1] <= edits
