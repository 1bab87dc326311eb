/**
 * Given names that are one and the same name in Ukrainian, Russian and English documents. Our own table, put together
 * from general knowledge of the languages; the columns of each line:
 *
 *   official Ukrainian forms | official Russian forms | other Latin spellings and English equivalents | diminutives
 *
 * Romanisations need no entry: they are found by reading (tables/readings.ts). A form may stand on several lines.
 * Diminutives, and English equivalents that are written among them, make a weak match only. A name that is official
 * for some people and a diminutive for others (Леся, Яна) has a line of its own and stands among the diminutives too.
 */
export interface GivenNameLine {
  readonly gender: 'male' | 'female';
  readonly line: string;
}

const MALE = `
Олександр | Александр | Alexander Alexandr Oleksander Alessandro Alejandro | Саша Сашко Саня Шура Олесь Лесь Сандро Alex Alec Sasha Sanya Sandy
Олексій | Алексей Алексий | Alexis Alexius | Льоша Лёша Олекса Альоша Алёша Леха Alex Alyosha Lyosha
Андрій | Андрей | Andrew Andreas André | Андрійко Андрюша Андрюха Andy Drew
Анатолій | Анатолий | Anatole Anatoli | Толя Толик Толік Tolya Tolik
Антон Антін Антоній | Антон Антоний | Anthony Antony Anton Antonio | Тоша Антоша Антось Tony Tosha
Аркадій | Аркадий | Arcadius | Аркаша Arkasha
Арсен Арсеній Арсентій | Арсен Арсений Арсентий | Arsenius | Сеня Арсенчик Senya
Артем Артемій | Артём Артемий | Artemius | Тьома Тёма Артемко Tyoma Tema
Артур | Артур | Arthur | Art
Богдан | Богдан | | Бодя Богданчик Даня Bodya
Борис | Борис | Boris Borys | Боря Borya
Вадим | Вадим | | Вадик Вадік Vadik
Валентин | Валентин | Valentine | Валік Валик Валя Valik
Валерій | Валерий | Valery Valerius | Валера Валєра Valera
Василь | Василий | Basil Vasily Vasyl | Вася Василько Васько Vasya
Веніамін | Вениамин | Benjamin | Веня Venya Ben
Віктор | Виктор | Victor Viktor | Вітя Витя Витёк Vitya Vic
Віталій | Виталий | Vitalius Vital | Віталік Виталик Віталя Виталя Vitalik
Влад | Влад | Vlad |
Владислав | Владислав | Wladyslaw | Влад Владик Vlad Vladik
Володимир | Владимир | Wladimir | Вова Володя Вовка Вовчик Vova Volodya
Всеволод | Всеволод | | Сева Sieva Seva
Вячеслав В'ячеслав | Вячеслав | | Слава Славик Slava Slavik
Геннадій Генадій | Геннадий | Gennadius | Гена Genya Gena Hena
Георгій | Георгий | George Georg Georgios Jorge | Гоша Жора Гога Gosha Zhora
Герман | Герман | Herman German | Гера
Гліб | Глеб | Hlib Gleb | Глєбушка
Гнат Ігнат Ігнатій | Игнат Игнатий | Ignatius | Ігнатко
Григорій Григір | Григорий | Gregory Gregor Hryhoriy | Гриша Грицько Гриць Grisha Greg Hrysha
Давид Давід | Давид | David Davyd | Додик Dave
Данило Даниїл | Даниил Данил Данила | Daniel Danilo Danylo Daniil | Даня Данько Данилко Danya Dan Danny
Денис Дионисій | Денис Дионисий | Dennis Denys Denis Dionysius | Дениска Деня Den
Дмитро Дмитрій | Дмитрий Димитрий | Demetrius Dimitri Dimitry | Діма Дима Дмитрик Митя Мітя Dima Mitya Dmitriy
Едуард | Эдуард | Edward Eduard Eduardo | Едик Эдик Ed Eddie Edik
Еміль | Эмиль | Emil Emile | Emilko
Ернест | Эрнест | Ernest Ernst |
Євген Євгеній | Евгений | Eugene Eugen Evgeny | Женя Жека Євгенко Zhenya Gene
Єгор | Егор | Yegor Egor | Єгорка Егорка
Єфрем | Ефрем | Ephraim |
Захар Захарій | Захар Захарий | Zachary Zechariah Zachar | Захарко Zack
Зиновій Зіновій | Зиновий | Zenobius | Зіник Зеник Zenyk
Іван | Иван | Ivan | Ваня Ванько Івасик Іванко Vanya John Jan
Ігор | Игорь | | Ігорко Игорёк Ігорьок Гарік Гарик
Ілля Ілія | Илья Илия | Elijah Elias Ilja | Іллюша Илюша Ilyusha
Інокентій | Иннокентий | Innocent | Кеша
Йосип Йосиф Осип | Иосиф Осип | Joseph Josef Yosyp | Йосько Joe
Казимир | Казимир | Casimir Kazimierz |
Кирило | Кирилл | Cyril Kiril | Кирилко Kirya
Клим Климент Климентій | Клим Климент Климентий | Clement |
Корній Корнелій | Корней Корнелий | Cornelius |
Костянтин | Константин | Constantine Costantino | Костя Костик Kostya Kostia
Кузьма | Кузьма | Cosmas Kuzma |
Лаврентій | Лаврентий | Lawrence Laurence Lavrenty |
Лев | Лев | Leo Lev | Льова Лёва Левко Lyova
Леонід | Леонид | Leonid Leonidas | Льоня Лёня Lyonya
Леонтій | Леонтий | Leontius |
Лук'ян Лукіян | Лукьян | Lucian Lukian |
Лука | Лука | Luke Lucas Lukas Luca |
Любомир | Любомир | Liubomyr Lubomyr | Любко
Макар | Макар | Macarius |
Максим Максиміліан | Максим Максимилиан | Maxim Maksym Maximilian Maximus | Макс Максимко Max Maks
Марат | Марат | Marat |
Маркіян Маркян | Маркиян | Markian |
Марк Марко | Марк | Mark Marcus Marko Marco Marc | Маркусь
Мартин | Мартын Мартин | Martin Martyn |
Мар'ян | Марьян | Marian Marjan |
Матвій | Матвей | Matthew Matviy Mathew Matthias | Мотя Матвійко Matt
Микита Нікіта | Никита | Nikita Mykyta | Микитка Nick
Микола Ніколай | Николай | Nicholas Nicolas Nikolaus Nikolas | Коля Миколка Колян Kolya Nick Mykolka
Мирон | Мирон | Myron |
Мирослав | Мирослав | Myroslav Miroslaw | Мирко Славко
Михайло Михаїл | Михаил | Michael Michel Michail | Міша Миша Михась Мишко Misha Mike Mischa
Мстислав | Мстислав | |
Назар Назарій | Назар Назарий | Nazarius | Назарко
Нестор | Нестор | |
Олег | Олег | | Олежка Олежик
Омелян Омельян | Емельян | Emilian Omelian |
Онисим | Онисим | Onesimus |
Орест | Орест | Orestes | Орко
Остап Євстафій | Остап Евстафий | Eustace Eustachius | Остапко
Павло | Павел | Paul Pavel Pavlo Paulo Pablo | Паша Павлик Павлусь Pasha
Панас Опанас Афанасій | Афанасий | Athanasius | Паша
Панкрат | Панкрат | Pancras |
Пантелеймон | Пантелеймон | |
Петро | Пётр | Peter Petro Pedro Pierre | Петя Петрик Петрусь Petya Pete
Пилип Філіп | Филипп | Philip Phillip Filip | Пилипко Phil
Платон | Платон | Plato |
Прокіп Прокоп Прокопій | Прокоп Прокопий | Procopius |
Радислав | Радислав | | Радик
Родіон | Родион | Rodion | Родя
Роман | Роман | Roman Romanus | Рома Ромко Ромчик Roma
Ростислав | Ростислав | | Ростик Слава Rostyk Slava
Руслан | Руслан | | Русик Русланчик
Сава | Савва | Sava Sabbas |
Самійло Самуїл | Самуил | Samuel | Sam
Святослав | Святослав | | Слава Святик Slava
Северин | Северин | Severinus |
Семен | Семён | Simeon Semen Semyon | Сеня Сьома Сёма Simon Senya
Сергій | Сергей | Sergius Serge Sergio | Серьожа Серёжа Сергійко Серёга Сірьога Serhiyko Seryozha Serzh
Сидір Сидор Ісидор | Сидор Исидор | Isidore |
Соломон | Соломон | Solomon |
Станіслав | Станислав | Stanislaus Stanislaw Stanislas | Стас Стасик Славик Stas Stan
Степан Стефан | Степан Стефан | Stephan Stefan Stepan Stephen Steven | Стьопа Стёпа Стефко Styopa Steve
Тарас | Тарас | | Тарасик
Тимофій Тиміш | Тимофей | Timothy Timofey Tymofiy | Тима Тимко Тім Тим Tim Tima
Тимур | Тимур | | Тимурчик
Тихін Тихон | Тихон | Tykhon |
Трохим | Трофим | Trophimus |
Федір Теодор Федор | Фёдор Теодор | Theodore Theodor Fedor Fyodor | Федя Федько Fedya Ted Fedko
Феофан | Феофан | Theophanes |
Фелікс | Феликс | Felix |
Филимон | Филимон | Philemon |
Хома Фома | Фома | Thomas Tomas | Хомко Tom Tommy
Юліан | Юлиан | Julian | Юлик
Юрій | Юрий | Yuri Yury Youri | Юра Юрко Юрчик Yura Yurko
Юхим Єфим | Ефим | Euthymius Yukhym Efim | Фіма Фима Yefym
Яків | Яков | Jacob Jakob Jakub | Яша Яшко Yasha
Ян | Ян | Jan Ian |
Якім Яким Йоаким | Аким | Joachim |
Ярема Єремій | Еремей Иеремия | Jeremiah Jeremy |
Яромир | Яромир | Jaromir |
Ярослав | Ярослав | Jaroslav Jaroslaw | Ярик Славко Слава Yarik Yaryk Slava
 | | John Johan Johann Johannes Jon | Johnny Jack Jan
 | | James | Jim Jimmy Jamie
 | | William Wilhelm | Will Bill Billy Willy
 | | Robert Роберт | Bob Rob Bobby Robbie
 | | Richard | Rick Dick Rich
 | | Charles Karl Carl | Charlie Chuck
 | | Christopher Kristopher | Chris
 | | Christian Kristian | Chris
 | | Henry Heinrich Henri | Harry Hank
 | | Harry |
 | | Jack |
 | | Oliver | Ollie
 | | Edmund | Ed Ted
 | | Frederick Frederic Friedrich | Fred Freddie
 | | Francis Franz Frank |
 | | Geoffrey Jeffrey | Geoff Jeff
 | | Jonathan | Jon
 | | Joshua | Josh
 | | Kenneth | Ken Kenny
 | | Kevin |
 | | Brian Bryan |
 | | Ryan |
 | | Adam Адам |
 | | Aaron |
 | | Patrick | Pat
 | | Ronald | Ron
 | | Donald | Don
 | | Raymond | Ray
 | | Simon |
 | | Samson |
 | | Walter | Walt
 | | Noah |
 | | Ethan |
 | | Liam |
 | | Lewis Louis Luis |
 | | Muhammad Mohammed Mohammad Mohamed Muhammed Mohamad Mahomet Мухаммад Мохаммед |
 | | Ahmad Ahmed Ахмед Ахмад |
 | | Mahmoud Mahmud Mahmood Махмуд |
 | | Ali Aly Али Алі |
 | | Hasan Hassan Хасан |
 | | Hussein Husain Hussain Husayn Husein Хусейн |
 | | Ibrahim Ebrahim Ibraheem Ибрагим Ібрагім |
 | | Ismail Ismael Ismaeel Исмаил Ісмаїл |
 | | Yusuf Yousef Youssef Yousuf Yusef Yousif Юсуф |
 | | Khalid Khaled Халид Халід |
 | | Umar Omar Омар |
 | | Uthman Othman Osman |
 | | Mustafa Mostafa Moustafa Мустафа |
 | | Abdullah Abdallah Abdulla Абдулла |
 | | Abdulrahman Abdurrahman Abdelrahman Abdalrahman |
 | | Abdulaziz Abdelaziz |
 | | Said Saeed Saied Sayeed Саид Саїд |
 | | Tariq Tarek Tareq Tarik |
 | | Karim Kareem Карим Карім |
 | | Rashid Rasheed Rachid Рашид |
 | | Salim Saleem Selim |
 | | Salman Салман |
 | | Jamal Gamal Djamal |
 | | Amir Ameer Амир Амір |
 | | Faisal Faysal Feisal |
 | | Hamza Hamzah |
 | | Bilal Belal |
 | | Nasser Nasir Naser |
 | | Samir Sameer |
 | | Walid Waleed |
 | | Ziad Ziyad Zeyad |`;

const FEMALE = `
Олександра | Александра | Alexandra Aleksandra | Саша Сашка Шура Леся Олеся Саня Sasha Alex Sandra
Алевтина | Алевтина | Alevtina | Аля Тіна
Аліна | Алина | Alina | Аля Лінка
Аліса | Алиса | Alice Alisa |
Алла | Алла | Alla Ala | Аллочка
Альбіна | Альбина | Albina |
Анастасія Настасія | Анастасия Настасья | Anastasia Anastasiya | Настя Настуся Ася Nastya Stacy
Ангеліна | Ангелина | Angelina Anhelina | Ліна Геля Lina
Анжела Анжеліка | Анжела Анжелика | Angela Angelica Anzhela Anzhelika |
Анна Ганна Гана | Анна | Anna Ann Anne Hannah Hanna | Аня Ганя Нюра Ганнуся Анюта Галя Anya Ania Annie
Антоніна | Антонина | Antonina Antonia | Тоня Tonya
Валентина | Валентина | Valentina | Валя Valya
Валерія | Валерия | Valeria Valerie | Лєра Лера Lera
Варвара | Варвара | Barbara Varvara | Варя Varya
Василина | Василина | Vasylyna | Вася
Вероніка | Вероника | Veronica Veronika | Ніка Ника Nika Вера
Вікторія | Виктория | Victoria Viktoria | Віка Вика Vika Vicky
Віолетта Віолета | Виолетта | Violetta Violet |
Віра | Вера | Vera Vira Faith | Вірочка Віруня
Віталія Віталіна | Виталия Виталина | Vitalia Vitalina | Віта Вита Vita
Владислава | Владислава | Vladyslava | Влада Vlada
Галина | Галина | Halina | Галя Галинка Halya Galya
Дар'я Дарія | Дарья Дария | Daria Darya Dasha | Даша Дарина Одарка Даринка
Дарина | Дарина | Daryna Darina | Даша Дарка
Діана | Диана | Diana Diane |
Домініка | Доминика | Dominika |
Ева Єва | Ева | Eva Eve Yeva |
Евеліна | Эвелина | Evelina Evelyn |
Елеонора | Элеонора | Eleonora Eleanor | Нора
Елла | Элла | Ella |
Ельвіра | Эльвира | Elvira |
Емілія | Эмилия | Emilia Emily | Міля
Євгенія | Евгения | Eugenia Evgenia Yevgenia | Женя Zhenya
Єлизавета | Елизавета | Elizabeth Elisabeth Elizaveta Yelyzaveta | Ліза Лиза Лізонька Liza Lisa Beth
Жанна | Жанна | Zhanna Jeanne Joan |
Зінаїда | Зинаида | Zinaida | Зіна Зина Zina
Златослава Злата | Злата | Zlata |
Зоряна | Зоряна | Zoriana | Зоря
Зоя | Зоя | Zoe Zoya Zoia |
Іванна Івана | Иванна | Ivanna Ivana | Яна
Інга | Инга | Inga |
Інеса | Инесса | Inessa |
Інна | Инна | |
Іраїда | Ираида | |
Ірина Орина | Ирина Арина | Irene Irina | Іра Ира Іринка Ірка Ira Ірочка
Катерина | Екатерина Катерина | Catherine Katherine Kathryn Ekaterina Yekaterina Caterina Kateryna | Катя Катруся Катерінка Katya Kate Katia Kathy Cathy
Кіра | Кира | Kira Kyra |
Клавдія | Клавдия | Claudia Klavdia | Клава
Клара | Клара | Clara Klara |
Крістіна Христина | Кристина Христина | Christina Kristina Khrystyna Christine | Христя Крістя Chris Tina Крися
Ксенія Оксенія | Ксения | Xenia Kseniia Ksenia | Ксюша Ксеня Ksyusha Оксана
Лариса | Лариса | Larissa | Лара Леся Лора Lara
Леся | Леся | Lesia Lesya |
Лідія | Лидия | Lydia Lidia Lidiya | Ліда Лида Lida
Лілія Ліля | Лилия | Lilia Liliya Lily Lilian | Ліля Лиля Lilya
Ліна | Лина | Lina |
Любов | Любовь | Liubov Lyubov Lubov Lubow | Люба Любаша Lyuba Luba
Людмила | Людмила | Liudmyla Lyudmila Ludmila Ludmyla Ludmilla | Люда Люся Мила Міла Lyuda Lyusya Mila Luda
Мальвіна | Мальвина | Malvina |
Маргарита | Маргарита | Margarita Margaret Margherita | Рита Ріта Марго Rita Maggie Meg Peggy
Марина | Марина | Maryna Marina | Маринка Мара Марися
Марія | Мария Марья | Maria Mary Mariya Marie | Маша Марічка Маруся Маня Masha Marichka Mariyka
Марта | Марта Марфа | Martha Marta | Марточка
Марфа | Марфа | |
Мар'яна Маряна | Марьяна Марианна | Mariana Marianna Marianne Maryana | Маряся
Меланія | Мелания | Melania Melanie | Меланка
Милана Мілана | Милана | Milana |
Мирослава | Мирослава | Myroslava | Мирося Слава
Надія | Надежда | Nadia Nadiia Nadezhda Nadiya Hope | Надя Надійка Nadya
Наталія Наталя | Наталья Наталия | Natalie Natalia Nataliya Natalya Nathalie | Наташа Наталка Таша Natasha Nata Natalka
Неля Нелля Неллі | Неля Нелли | Nelly Nelia Nelya |
Ніка | Ника | Nika |
Ніна | Нина | Nina |
Нонна | Нонна | Nonna |
Оксана | Оксана | | Ксана Ксюша Оксанка Ксеня
Олена | Елена Алёна | Helen Helena Elena Olena Yelena Helene Ellen | Лена Оленка Олеся Оленочка Lena Lenka
Аліона Альона | Алёна | Aliona Alyona Alena | Лена
Олеся | Олеся Алеся | Olesia Olesya Lesia | Леся Lesya
Ольга | Ольга | Olga Olha Helga | Оля Ольга Олечка Olya Olia
Орися Ориська | | Orysia |
Павлина Поліна | Полина | Paulina Polina Pauline | Поля
Параска Парасковія | Прасковья Параскева | Paraskeva |
Раїса | Раиса | Raisa | Рая Raya
Регіна | Регина | Regina |
Римма | Римма | Rimma Rymma |
Роза | Роза | Rosa Rose Roza |
Роксолана | Роксолана | Roxolana | Рокса
Руслана | Руслана | Ruslana | Руся
Сабіна | Сабина | Sabina Sabine |
Світлана | Светлана | | Света Світланка Світланочка Лана Sveta Svita Lana
Серафима | Серафима | Serafima |
Сніжана | Снежана | Snizhana Snezhana |
Соломія | Соломия | Solomiia Salome | Соля Соломійка
Софія Софійка | София Софья | Sophia Sofia Sophie Sofiya Sofya | Соня Sonya Sonia
Станіслава | Станислава | Stanislava | Стася Слава
Стефанія Степанида | Стефания Степанида | Stephanie Stefania | Стефа
Таїсія Таїса | Таисия | Taisia | Тая Тася
Тамара | Тамара | Tamara | Тома Tamarka
Тетяна | Татьяна | Tatiana Tatyana Tetiana Tetyana | Таня Тетянка Tanya Tania
Уляна | Ульяна | Juliana Uliana Ulyana | Уля Ulya
Фаїна | Фаина | Faina | Фая
Федора Теодора | Федора | Theodora Fedora |
Христина | Христина | Khrystyna |
Юліана Юліанна | Юлиана Юлианна | Juliana Julianna |
Юлія | Юлия | Julia Yulia Juliet Yuliya Iuliia | Юля Юлька Yulya Julie
Юстина | Юстина | Justina Yustyna |
Яна | Яна | Yana Jana | Яночка
Ярослава | Ярослава | Yaroslava | Ярка Слава Яся
Ядвіга | Ядвига | Jadwiga Yadviga |
 | | Emma |
 | | Sarah Sara Сара |
 | | Laura Лаура |
 | | Olivia Олівія Оливия | Liv
 | | Grace |
 | | Charlotte | Lottie
 | | Lucy Lucia |
 | | Jennifer | Jen Jenny
 | | Jessica | Jess
 | | Susan Susanna Suzanne | Sue Susie
 | | Patricia | Pat Patty
 | | Linda |
 | | Nancy |
 | | Karen |
 | | Amelia | Amy
 | | Amy |
 | | Rebecca | Becky
 | | Rachel |
 | | Deborah Debra | Debbie
 | | Samantha | Sam
 | | Nicole |
 | | Michelle |
 | | Jane Janet | Jenny
 | | Victoria |
 | | Virginia | Ginny
 | | Zoe |
 | | Fatima Fatimah Fatma Фатима Фатіма |
 | | Aisha Aysha Ayesha Aicha Аиша Аїша |
 | | Layla Leila Laila Leyla Лейла |
 | | Maryam Mariam Meryem Marjam Мариам |
 | | Zaynab Zainab Zeinab Zeynep |
 | | Khadija Khadijah Khadeeja |
 | | Noor Nour Nur |
 | | Amina Aminah Амина Аміна |
 | | Yasmin Yasmine Jasmine Yasmeen |
 | | Huda Hoda |
 | | Salma Selma |
 | | Rania Raniya |
 | | Hind |
 | | Samira Sameera |`;

/** Every line, men first. */
export const GIVEN_NAME_LINES: readonly GivenNameLine[] = [
  ...linesOf(MALE).map((line): GivenNameLine => ({ gender: 'male', line })),
  ...linesOf(FEMALE).map((line): GivenNameLine => ({ gender: 'female', line })),
];

function linesOf(block: string): string[] {
  return block.split('\n').filter((line) => line.trim() !== '');
}
