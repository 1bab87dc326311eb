/** An Arabic name in its script and the Latin spellings that its bearers use, the most usual one first. */
export interface ArabicName {
  arabic: string;
  latin: readonly string[];
}

const MALE = `
محمد:Mohammed,Muhammad,Mohamed أحمد:Ahmed,Ahmad علي:Ali,Aly حسن:Hassan,Hasan حسين:Hussein,Husain عمر:Omar,Umar
خالد:Khaled,Khalid يوسف:Youssef,Yusuf إبراهيم:Ibrahim,Ebrahim محمود:Mahmoud,Mahmud مصطفى:Mustafa,Moustafa طارق:Tarek,Tariq
سعيد:Saeed,Said كريم:Karim,Kareem سامي:Sami,Samy رامي:Rami,Ramy زياد:Ziad,Ziyad باسم:Basem,Basim ماجد:Majed,Majid
ناصر:Nasser,Nasir سليم:Selim,Saleem فيصل:Faisal,Faysal وليد:Walid,Waleed جمال:Jamal,Gamal هشام:Hisham,Hesham
عادل:Adel,Adil أنور:Anwar,Anouar بلال:Bilal,Belal حمزة:Hamza,Hamzah إسماعيل:Ismail,Esmail`;
const FEMALE = `
فاطمة:Fatima,Fatema عائشة:Aisha,Ayesha مريم:Mariam,Maryam زينب:Zainab,Zeinab ليلى:Layla,Laila نور:Nour,Noor
سارة:Sarah,Sara هدى:Huda,Hoda رانيا:Rania,Raniya سلمى:Salma,Selma أمينة:Amina,Ameena خديجة:Khadija,Khadeeja
نادية:Nadia,Nadiya سمية:Sumaya,Soumaya ياسمين:Yasmin,Yasmine دينا:Dina,Deena منى:Muna,Mona هالة:Hala,Halah
رقية:Ruqayya,Rokaya إيمان:Iman,Eman لينا:Lina,Leena جميلة:Jamila,Jameela`;
const SURNAMES = `
المصري:Al-Masri,El-Masry حداد:Haddad,Hadad خوري:Khoury,Khouri نجار:Najjar,Naggar الشامي:Al-Shami,El-Shamy
الحربي:Al-Harbi,Alharbi القحطاني:Al-Qahtani,Alqahtani الغامدي:Al-Ghamdi,Alghamdi الزهراني:Al-Zahrani,Alzahrani
الصباح:Al-Sabah,Alsabah البغدادي:Al-Baghdadi,Albaghdadi الحلبي:Al-Halabi,El-Halaby التميمي:Al-Tamimi,Altamimi
الدوسري:Al-Dosari,Aldosari العتيبي:Al-Otaibi,Alotaibi المطيري:Al-Mutairi,Almutairi الشمري:Al-Shammari,Alshammari
العنزي:Al-Anazi,Alanazi السيد:El-Sayed,Al-Sayed الجبوري:Al-Jubouri,Aljubouri قاسم:Qasim,Kassem صالح:Saleh,Salih
منصور:Mansour,Mansur عباس:Abbas,Abbass شاهين:Shaheen,Chahine درويش:Darwish,Darwich بركات:Barakat,Baraket
عيسى:Issa,Eissa فرج:Faraj,Farag حمدان:Hamdan,Hemdan زيدان:Zidane,Zeidan سلامة:Salameh,Salama عطية:Attia,Atiyah
رزق:Rizk,Rezk شريف:Sherif,Charif غانم:Ghanem,Ghanim مراد:Murad,Mourad نصار:Nassar,Nasar هاشم:Hashem,Hashim
ياسين:Yassin,Yaseen طنطاوي:Tantawi,Tantawy بيطار:Bitar,Baytar`;

function parse(table: string): ArabicName[] {
  return table
    .trim()
    .split(/\s+/)
    .map((entry) => {
      const [arabic = '', latin = ''] = entry.split(':');
      return { arabic, latin: latin.split(',') };
    });
}

export const maleArabic = (): ArabicName[] => parse(MALE);
export const femaleArabic = (): ArabicName[] => parse(FEMALE);
export const arabicSurnames = (): ArabicName[] => parse(SURNAMES);
