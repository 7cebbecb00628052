// The words of the page that checks a statement's proof, in both languages. Plain text; `{…}` is filled in by the page.

const ru = {
  title: "Проверка выписки",
  about:
    "Вставьте текст выписки с картой или выберите её файл. Всё считается на этом устройстве, ничего никуда не отправляется.",
  text: "Текст выписки",
  file: "Файл выписки",
  code: "Ссылка из QR-кода карты (не обязательно): так видно, что строка про вашу карту",
  none: "Подтверждения в этом тексте нет. Оно начинается со слова loyalty-proof.",
  insecure:
    "Этот адрес открыт без https, и браузер здесь не считает. Сохраните страницу в файл и откройте его: она работает и без сети.",
  wrong:
    "НЕ СХОДИТСЯ. Строка изменена или скопирована не целиком: из неё получается другое число дня, {found}.",
  right: "Сходится: при закрытии дня {day} на карте было баллов: {points}.",
  mine: "Это ваша карта: код совпадает.",
  other: "Код НЕ совпадает: эта строка не про вашу карту, или код карты с тех пор сменился.",
  noCode: "В этой ссылке кода карты нет.",
  root: "Число дня: {root}",
  compare: "Сравните его с числом, которое салон отправил владельцам в тот вечер.",
  same: "Салон публикует за этот день то же самое число.",
  differs: "ВНИМАНИЕ: салон публикует за этот день другое число, {found}.",
  unpublished: "За этот день салон числа не публикует.",
  unasked: "Опубликованные числа сейчас не открываются.",
  row: "Последняя строка карты: {row}. Программа салона находит её командой verify --seal.",
  meaning:
    "Это доказывает, что такая сумма на этой карте вошла в число дня и задним числом не изменена, если число то самое; это не доказывает, что в нём все карты салона и что сами визиты учтены верно.",
};

const en: typeof ru = {
  title: "Check a statement",
  about:
    "Paste a card's statement or choose its file. All of it is computed on this device, and nothing is sent anywhere.",
  text: "The statement's text",
  file: "The statement's file",
  code: "The link in the card's QR code (may be left out): it shows that the line is about your card",
  none: "There is no proof in this text. It begins with the word loyalty-proof.",
  insecure:
    "This address was opened without https, and the browser does not compute here. Save the page as a file and open that: it works without a network too.",
  wrong:
    "IT DOES NOT FIT. The line was changed or not copied whole: it leads to another number of the day, {found}.",
  right: "It fits: as the day {day} was closed, the card held so many points: {points}.",
  mine: "This is your card: the code fits.",
  other: "The code does NOT fit: this line is not about your card, or the card has another code by now.",
  noCode: "There is no card's code in this link.",
  root: "The number of the day: {root}",
  compare: "Compare it with the number that the salon sent to its owners that evening.",
  same: "The salon publishes the same number for this day.",
  differs: "ATTENTION: the salon publishes another number for this day, {found}.",
  unpublished: "The salon publishes no number for this day.",
  unasked: "The published numbers cannot be opened now.",
  row: "The card's last row: {row}. The salon's program finds it by verify --seal.",
  meaning:
    "This proves that this sum on this card went into the number of the day and was not changed since, if the number is the right one; it does not prove that all of the salon's cards are in it, nor that the visits themselves were counted right.",
};

/** All of them: the page takes those of its reader. */
export const proofWords = { ru, en };
